import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { badFiles, longLines, manyFaults, toFlood } from '../../storage/formats/bad-files.ts';
import { createTestClock } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runMdma } from '../run-mdma.ts';

const cwd = makeTemporaryFolder();
const clock = createTestClock(Date.UTC(2026, 10, 21));

test.each(badFiles)('inspect says what is wrong with $why: $code', async ({ bytes, name = 'a', code }) => {
  writeFileSync(path.join(cwd, name), bytes);
  const ran = await runMdma(['inspect', name], { cwd, clock });
  expect(ran.code).toBeGreaterThan(0);
  expect(`${ran.stdout}${ran.stderr}`).toMatch(
    ran.code === 2 ? new RegExp(`^mdma: Cannot read \\S+: ${code}: `) : new RegExp(`^error ${code}: `, 'm'),
  );
});

test.each(longLines)(
  'inspect passes over 1 GB without a line end: $why',
  async (flood) => {
    const before = process.memoryUsage();
    const stdin = Readable.from(toFlood(flood, 2 ** 30));
    const ran = await runMdma(['inspect', '-'], { cwd, clock, stdin });
    const after = process.memoryUsage();
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(`error ${flood.code}: `);
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(50_000_000);
  },
  120_000,
);

test.each(manyFaults)(
  'inspect counts very many faults and lists a thousand: $why',
  async (flood) => {
    // A fault of MDEF takes a record of 216 bytes.
    const count = flood.why === 'MDEF' ? 1_000_000 : 10_000_000;
    const stdin = Readable.from(toFlood(flood, count * flood.piece.length));
    const ran = await runMdma(['inspect', '-', '--json'], { cwd, clock, stdin });
    expect(ran.code).toBe(1);
    const [{ faults, faultCounts }] = ran.json() as [
      { faults: unknown[]; faultCounts: Record<string, number> },
    ];
    expect(faults).toHaveLength(1_000);
    expect(faultCounts[flood.code]).toBeGreaterThanOrEqual(count);
  },
  120_000,
);
