import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runShell, startMdma } from './run-process.ts';

function makeFolder(bytes = 3_000_000): string {
  const folder = makeTemporaryFolder();
  writeFileSync(path.join(folder, 'in.dat'), toCmepFile(bytes, 1));
  return folder;
}

/** Takes seconds to convert. */
const longBytes = 30_000_000;

const findPart = (cwd: string) => readdirSync(cwd).find((name) => name.endsWith('.part'));

/** Starts a conversion of the large file and sends it the signal while it writes. */
async function stopInTheMiddle(cwd: string, signal: NodeJS.Signals) {
  const child = startMdma(['convert', 'in.dat', '--to', 'cmep', '--output', 'out.dat'], cwd);
  const exited = once(child, 'exit');
  await vi.waitFor(
    () => {
      const part = findPart(cwd);
      expect(part).toBeDefined();
      expect(statSync(path.join(cwd, part as string)).size).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 5 },
  );
  child.kill(signal);
  const [, ended] = await exited;
  return ended;
}

test('a SIGKILL in the middle leaves nothing under the name of the file', async () => {
  const cwd = makeFolder(longBytes);
  expect(await stopInTheMiddle(cwd, 'SIGKILL')).toBe('SIGKILL');
  expect(readdirSync(cwd)).not.toContain('out.dat');
});

test('a SIGKILL in the middle leaves the file that was there', async () => {
  const cwd = makeFolder(longBytes);
  writeFileSync(path.join(cwd, 'out.dat'), 'what was there');
  expect(await stopInTheMiddle(cwd, 'SIGKILL')).toBe('SIGKILL');
  expect(readFileSync(path.join(cwd, 'out.dat'), 'utf8')).toBe('what was there');
});

test.each(['SIGINT', 'SIGTERM'] as const)('a %s in the middle leaves nothing at all', async (signal) => {
  const cwd = makeFolder(longBytes);
  expect(await stopInTheMiddle(cwd, signal)).toBe(signal);
  expect(readdirSync(cwd)).toEqual(['in.dat']);
});

test('a file that grows too large is reported and leaves nothing', () => {
  const cwd = makeFolder();
  const ran = runShell('ulimit -f 1000; mdma convert in.dat --to cmep --output out.dat', cwd);
  expect(ran).toMatchObject({
    status: 1,
    stderr: 'mdma: Cannot write out.dat: the file would be larger than is allowed\n',
  });
  expect(readdirSync(cwd)).toEqual(['in.dat']);
});

test('a full disk behind standard output is reported', () => {
  const ran = runShell('mdma convert in.dat --to cmep > /dev/full', makeFolder());
  expect(ran.status).toBe(1);
  expect(ran.stderr).toMatch(/^mdma: Cannot write standard output: [^\n]*no space left[^\n]*\n$/);
});

test('standard input and output work in a pipe, byte for byte', () => {
  const ran = runShell('cat in.dat | mdma convert - --to cmep 2>/dev/null | cmp - in.dat', makeFolder());
  expect(ran).toMatchObject({ status: 0, stdout: '' });
});

test('it ends without a word when its reader has gone', () => {
  const ran = runShell('mdma convert in.dat --to cmep | head -c 7', makeFolder());
  expect(ran).toMatchObject({ stdout: 'MEPMD01', stderr: '' });
});
