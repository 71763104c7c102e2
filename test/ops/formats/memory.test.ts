import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { toRecord } from '../../storage/formats/cmep/records.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const cwd = makeTemporaryFolder();
const program = fileURLToPath(new URL('../../../ops/launch.cjs', import.meta.url));
/** Says at the end how large the process was. */
const watch =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';

/** The status of `mdma`, and the peak of its resident size in MB of 10^6 bytes. */
function measure(...args: readonly string[]): { status: number | null; megabytes: number } {
  const ran = spawnSync(process.execPath, ['--import', watch, program, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  const [, kilobytes] = /peak (\d+)$/.exec(ran.stderr) ?? [];
  return { status: ran.status, megabytes: (Number(kilobytes) * 1_024) / 1e6 };
}

beforeAll(() => {
  const records = Array.from({ length: 60_000 }, (_, at) => toRecord({ 4: `A${at}`, 8: `M${at}` }));
  writeFileSync(path.join(cwd, 'many.dat'), records.join(''));
  const options = ['--to', '867', '--sender', '111111111', '--receiver', '222222222'];
  expect(measure('convert', 'many.dat', ...options, '--output', 'many.edi').status).toBe(0);
}, 120_000);

// What is kept of a file is capped; this many meters are beyond the caps.
test.each([
  ['inspect', 'many.dat'],
  ['inspect', 'many.edi'],
  ['inspect', 'many.dat', '--json'],
  ['convert', 'many.dat', '--to', '867', '--output', 'again.edi'],
  ['convert', 'many.edi', '--to', 'cmep', '--output', 'again.dat'],
])(
  '60,000 meters with a record each take less than 200 MB: %s %s %s',
  (...args) => {
    const { status, megabytes } = measure(...args);
    expect(status).toBe(0);
    expect(megabytes).toBeLessThan(200);
  },
  120_000,
);
