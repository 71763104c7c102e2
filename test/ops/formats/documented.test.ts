import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestClock } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runMdma } from '../run-mdma.ts';

const page = readFileSync(new URL('../../../docs/inspect.md', import.meta.url), 'utf8');

/** Blocks fenced as `kind`: the rest of the fence's line, and the lines between. */
function listBlocks(kind: string) {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${kind} *(\\S*)\\n(.*?)^\`\`\`$`, 'gms'));
  return Array.from(blocks, ([, name = '', text = '']) => ({ name, text }));
}

const files = listBlocks('text');
const runs = listBlocks('console').map(({ text }) => {
  const [, command = '', output = ''] = /^\$ mdma ([^\n]*)\n(.*)$/s.exec(text) ?? [];
  return { command, output };
});

describe('docs/inspect.md', () => {
  const cwd = makeTemporaryFolder();

  beforeAll(() => {
    for (const { name, text } of files) {
      // The page's lines are those of a person's screen; CMEP ends lines with CR LF.
      const isX12 = name.endsWith('.edi');
      writeFileSync(path.join(cwd, name), isX12 ? text : text.replaceAll('\n', '\r\n'));
    }
  });

  test('has files and commands', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(runs.length).toBeGreaterThan(2);
  });

  test.each(runs)('mdma $command prints what the page shows', async ({ command, output }) => {
    const ran = await runMdma(command.split(' '), { cwd, clock: createTestClock() });
    expect(ran.stdout + ran.stderr).toBe(output);
  });
});
