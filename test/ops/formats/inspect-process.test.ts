import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { toRecord } from '../../storage/formats/cmep/records.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runShell } from './run-process.ts';

const cwd = makeTemporaryFolder();
writeFileSync(path.join(cwd, 'good.dat'), toRecord());
writeFileSync(path.join(cwd, 'bad.dat'), toRecord({ 10: 'X' }));
writeFileSync(path.join(cwd, 'many.dat'), toCmepFile(5_000_000, 1));

test.each([
  ['mdma inspect good.dat', 0],
  ['mdma inspect bad.dat', 1],
  ['mdma inspect bad.dat good.dat', 1],
  ['mdma inspect missing.dat bad.dat', 2],
  ['mdma inspect .', 2],
  ['mdma inspect', 2],
  ['mdma inspect --profile nonsense good.dat', 2],
])('%s ends with status %i', (command, status) => {
  expect(runShell(command, cwd)).toMatchObject({ status });
});

test('needs no configuration and leaves nothing behind', () => {
  expect(existsSync(path.join(cwd, 'mdma.yaml'))).toBe(false);
  const listed = runShell('mdma inspect good.dat > /dev/null; ls -A', cwd);
  expect(listed.stdout).toBe('bad.dat\ngood.dat\nmany.dat\n');
});

test('reads standard input, a pipe with a name and a file alike', () => {
  const file = runShell('mdma inspect --json many.dat', cwd);
  const input = runShell('cat many.dat | mdma inspect --json -', cwd);
  const pipe = runShell('mkfifo pipe; cat many.dat > pipe & mdma inspect --json pipe; rm pipe', cwd);
  expect(file.stderr + input.stderr + pipe.stderr).toBe('');
  expect(JSON.parse(input.stdout)).toEqual([{ ...JSON.parse(file.stdout)[0], file: 'standard input' }]);
  expect(JSON.parse(pipe.stdout)).toEqual([{ ...JSON.parse(file.stdout)[0], file: 'pipe' }]);
});

test('shows nothing of a progress bar when nobody is looking', () => {
  expect(runShell('mdma inspect many.dat 2>&1 >/dev/null', cwd)).toMatchObject({ status: 0, stdout: '' });
});

test('ends without a word when its reader has gone', () => {
  const ran = runShell('mdma inspect --json many.dat | head -n 1', cwd);
  expect(ran).toMatchObject({ stdout: '[\n', stderr: '' });
});

test('says that standard output is full, with status 1', () => {
  const ran = runShell('mdma inspect --json many.dat > /dev/full', cwd);
  expect(ran.status).toBe(1);
  expect(ran.stderr).toMatch(/^mdma: Cannot write standard output: ENOSPC[^\n]*\n$/);
});
