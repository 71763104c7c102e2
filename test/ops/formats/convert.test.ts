import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { toRecord } from '../../storage/formats/cmep/records.ts';
import { customer, toMdefRecords } from '../../storage/formats/mdef/build-mdef.ts';
import { createTestClock } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runMdma } from '../run-mdma.ts';

const cwd = makeTemporaryFolder();
const clock = createTestClock();
const source = toRecord(
  { 4: 'A-1' },
  '199804010900,,12.5,199804011000,A,13.25,199804011100,,13,199804011200,N,',
);

function convert(...args: string[]) {
  return runMdma(['convert', ...args], { cwd, clock });
}

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(path.join(cwd, name), content);
  return name;
}

function read(name: string): string {
  return readFileSync(path.join(cwd, name), 'latin1');
}

afterEach(() => {
  expect(readdirSync(cwd).filter((name) => name.includes('.part'))).toEqual([]);
});

describe('what is written', () => {
  test('goes to standard output, and what became of it to standard error', async () => {
    const ran = await convert(put('in.dat', source), '--to', 'cmep');
    expect(ran).toMatchObject({ code: 0, stdout: source });
    expect(ran.stderr).toBe(`in.dat
  from      cmep, profile strict
  to        cmep, profile strict
  read      4 readings in 1 record
  faults    none
  written   4 readings in 1 record, ${source.length} bytes

Nothing was lost.
`);
  });

  test('goes to --output, under its name only when it is whole', async () => {
    const ran = await convert(put('in.dat', source), '--to', 'cmep', '--output', 'out.dat');
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(read('out.dat')).toBe(source);
  });

  test('is the same from standard input, of which no copy is left', async () => {
    // Copies are named by twelve random bytes; others' folders come and go beside them.
    const listCopies = () => readdirSync(tmpdir()).filter((name) => /^mdma-[0-9a-f]{24}$/.test(name));
    const before = listCopies();
    const stdin = Readable.from([Buffer.from(source.slice(0, 50)), Buffer.from(source.slice(50))]);
    const ran = await runMdma(['convert', '-', '--to', 'cmep'], { cwd, clock, stdin });
    expect(ran).toMatchObject({ code: 0, stdout: source });
    expect(listCopies()).toEqual(before);
  });

  test('is in the dialect asked for, read in the dialect asked for', async () => {
    const record = source.replace('A,13.25', 'A 00 00,13.25');
    const ran = await convert(put('smart.dat', record), '--profile', 'smartsynch', '--to', 'cmep');
    expect(ran.stdout).toBe(source);
    const back = await convert(put('in.dat', source), '--to', 'cmep', '--to-profile', 'strict:write-empty');
    expect(back.stdout).toBe(source.replace('\r\n', ',\r\n'));
  });

  test('names the parties given where the source names none', async () => {
    const records = toMdefRecords([{ values: [1, 2, 3, 4] }]);
    put('in.mde', Buffer.concat(records));
    const without = await convert('in.mde', '--to', 'cmep');
    expect(without).toMatchObject({ code: 1, stdout: '' });
    expect(without.stderr).toContain('  identity  4 readings left out: ');
    expect(without.stderr).toContain('--sender and --receiver do');
    expect(without.stderr).toMatch(/\nNothing was written: none of its readings can be carried\.\n$/);
    const ran = await convert('in.mde', '--to', 'cmep', '--sender', 'MDMA-1', '--receiver', 'ESP-1');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(new RegExp(`^MEPMD01,19970819,MDMA-1,.*,ESP-1,.*,${customer},OK,E,KWH,`));
  });
});

describe('nothing is written', () => {
  const errors = toRecord() + Array.from({ length: 5 }, () => toRecord({ 10: 'X' })).join('');

  test('of a source with errors, which are named; a file that is there stays', async () => {
    put('bad.dat', errors);
    put('out.dat', 'what was there');
    const file = await convert('bad.dat', '--to', 'cmep', '--output', 'out.dat');
    expect(file).toMatchObject({ code: 1, stdout: '' });
    expect(file.stderr).toContain('error E_COMMODITY: line 2, field 10 Commodity, byte ');
    expect(file.stderr).toContain('... and 2 E_COMMODITY more: mdma inspect shows them.\n');
    expect(file.stderr).toMatch(/\nNothing was written: the source has errors\.\n$/);
    expect(read('out.dat')).toBe('what was there');
    expect(await convert('bad.dat', '--to', 'cmep')).toMatchObject({ code: 1, stdout: '' });
  });

  test('of what cannot be read or has no format, with status 2', async () => {
    put('odd.dat', 'nothing known');
    for (const args of [['missing.dat'], ['.'], ['odd.dat']]) {
      const ran = await convert(...args, '--to', 'cmep', '--output', 'never.dat');
      expect(ran).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^mdma: Cannot read /),
      });
    }
    expect(existsSync(path.join(cwd, 'never.dat'))).toBe(false);
  });

  test('over the file that is read, under whatever name', async () => {
    put('in.dat', source);
    symlinkSync(path.join(cwd, 'in.dat'), path.join(cwd, 'other-name.dat'));
    for (const name of ['in.dat', './in.dat', 'other-name.dat']) {
      const ran = await convert('in.dat', '--to', 'mdef', '--output', name);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toBe(`mdma: Cannot write ${name}: it is the file that is read\n`);
    }
    expect(read('in.dat')).toBe(source);
  });

  test('for wrong usage, with status 2', async () => {
    put('in.dat', source);
    for (const args of [
      ['in.dat'],
      ['in.dat', '--to', 'pdf'],
      ['in.dat', '--to', 'cmep', '--to-profile', 'none'],
      ['in.dat', '--to', 'cmep', '--profile', 'none'],
    ]) {
      expect(await convert(...args, '--output', 'never.dat')).toMatchObject({ code: 2, stdout: '' });
    }
    expect(existsSync(path.join(cwd, 'never.dat'))).toBe(false);
  });

  test('where the file would have to be in no folder, or in place of something else', async () => {
    put('in.dat', source);
    mkdirSync(path.join(cwd, 'folder'), { recursive: true });
    for (const [output, found] of [
      ['nowhere/out.dat', 'there is no such folder'],
      ['in.dat/out.dat', 'there is no such folder'],
      ['folder', 'it is there and is not a file'],
      ['/dev/null', 'it is there and is not a file'],
    ] as const) {
      const ran = await convert('in.dat', '--to', 'cmep', '--output', output);
      expect(ran).toMatchObject({ code: 2, stderr: `mdma: Cannot write ${output}: ${found}\n` });
    }
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('of a source that changed between the two readings', async () => {
    const long = put('long.dat', toCmepFile(2_000_000, 1));
    const onStdout = () => truncateSync(path.join(cwd, long), 0);
    const ran = await runMdma(['convert', long, '--to', 'cmep'], { cwd, clock, onStdout });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('it changed while it was read') });
  });
});

describe('the file', () => {
  test('stands behind a symbolic link, which stays one', async () => {
    put('in.dat', source);
    put('real.dat', '');
    symlinkSync('real.dat', path.join(cwd, 'link.dat'));
    expect((await convert('in.dat', '--to', 'cmep', '--output', 'link.dat')).code).toBe(0);
    expect(read('real.dat')).toBe(source);
    expect(realpathSync(path.join(cwd, 'link.dat'))).toBe(path.join(realpathSync(cwd), 'real.dat'));
  });
});

describe('losses', () => {
  test('are counted by reason, with status 0; --strict writes nothing then, with status 1', async () => {
    put('in.dat', source);
    const ran = await convert('in.dat', '--to', 'mdef', '--output', 'out.mde');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('\n\nLost:\n');
    expect(ran.stderr).toContain('  flag      1 reading carried without its quality flag\n');
    expect(ran.stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const strict = await convert('in.dat', '--to', 'mdef', '--strict', '--output', 'strict.mde');
    expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining('--strict demands it') });
    expect(existsSync(path.join(cwd, 'strict.mde'))).toBe(false);
    expect(await convert('in.dat', '--to', 'mdef', '--strict')).toMatchObject({ code: 1, stdout: '' });
    expect(await convert('in.dat', '--to', 'cmep', '--strict')).toMatchObject({ code: 0, stdout: source });
  });
});

describe('--json', () => {
  test('is on standard output where --output leaves that free, else on standard error', async () => {
    put('in.dat', source);
    const expected = {
      file: 'in.dat',
      from: { format: 'cmep', profile: 'strict', why: expect.any(String) },
      to: { format: 'cmep', profile: 'strict' },
      scan: { summary: { readings: 4 }, faultCounts: {}, isRefused: false },
      written: { bytes: source.length, records: 1, readings: 4, losses: {} },
      obstacle: null,
    };
    const file = await convert('in.dat', '--to', 'cmep', '--json', '--output', 'out.dat');
    expect(file.json()).toMatchObject(expected);
    expect(file.stderr).toBe('');
    const screen = await convert('in.dat', '--to', 'cmep', '--json');
    expect(screen.stdout).toBe(source);
    expect(JSON.parse(screen.stderr)).toMatchObject(expected);
  });
});

describe('the progress bar', () => {
  test('runs on a long file when a person is looking and nowhere else', async () => {
    // Long, and quickly done: one record, and a line that is passed over.
    const long = put('long.dat', `${source}${'X'.repeat(17_000_000)}\r\n`);
    const args = ['convert', long, '--to', 'cmep', '--output', 'long.out'];
    const seen = await runMdma(args, { cwd, clock, isTerminal: true });
    expect(seen.stderr).toMatch(/bytes converted .*\/17000/);
    expect((await runMdma(args, { cwd, clock })).stderr).not.toContain('bytes converted');
  });
});
