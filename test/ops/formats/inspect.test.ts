import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { toRecord, toTouRecord } from '../../storage/formats/cmep/records.ts';
import { customer, toMdefRecords } from '../../storage/formats/mdef/build-mdef.ts';
import { toBytes } from '../../storage/formats/scan.ts';
import { createTestClock } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runMdma } from '../run-mdma.ts';

const cwd = makeTemporaryFolder();
const clock = createTestClock();

function inspect(...args: string[]) {
  return runMdma(['inspect', ...args], { cwd, clock });
}

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(path.join(cwd, name), content);
  return name;
}

/** Two hours of a meter whose multiplier is 40, the second in a record of its own; then its register. */
const twoHours =
  toRecord({ 12: '40', 14: '1' }, '199804010900,,0.1') +
  toRecord({ 12: '40', 14: '1' }, '199804011000,A,0.2') +
  toRecord({ 11: 'KWHREG', 13: '', 14: '2' }, '199804010800,,100,199804011000,,112.25');

describe('what a person reads', () => {
  test('is what it is, what it holds and what that comes to, within 80 columns', async () => {
    const ran = await inspect(put('two.dat', twoHours));
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe(`two.dat
  format    cmep: its first record is of type MEPMD01
  profile   strict
  size      369 bytes, 3 records
  senders   123456789
  receivers 987654321
  meters    1
  accounts  1, none with estimates
  period    1998-04-01 08:00Z to 1998-04-01 10:00Z
  readings  4, 1 adjusted (25.00 %)
  units     KWH: 2 readings, sum 12
            KWHREG (register): 2 readings

METER     UNIT    VALUES    READINGS  SUM
EL123456  KWH     60 min           2   12
  first 4 at 1998-04-01 09:00Z, last 8 at 1998-04-01 10:00Z, 1 adjusted
EL123456  KWHREG  register         2    -
  first 100 at 1998-04-01 08:00Z, last 112.25 at 1998-04-01 10:00Z,
  difference 12.25

No faults.
`);
  });

  test('adds up no values that are times', async () => {
    const times = toRecord({ 11: 'TIME', 14: '2' }, '199804010900,R0,199804010859,,R0,199804010959');
    const args = ['--profile', 'sensus-rni', put('times.dat', times)];
    const { stdout } = await inspect(...args);
    expect(stdout).toContain('  units     TIME: 2 readings\n');
    expect(stdout).toMatch(/\nEL123456 {2}TIME {2}60 min {9}2 {4}-\n/);
    const [found] = JSON.parse((await inspect(...args, '--json')).stdout);
    expect([found.series[0].sum, found.totals[0].sum]).toEqual([null, null]);
  });

  test('shows instants in a zone, with their distance from UTC', async () => {
    const { stdout } = await inspect(put('two.dat', twoHours), '--zone', 'America/Los_Angeles');
    expect(stdout).toContain('period    1998-04-01 00:00-08:00 to 1998-04-01 02:00-08:00\n');
    const half = await inspect('two.dat', '--zone', 'Asia/Kolkata');
    expect(half.stdout).toContain('1998-04-01 13:30+05:30 to');
    expect(await inspect('two.dat', '--zone', 'Mars/Olympus')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Expected a time zone'),
    });
  });

  test('names the meters first met, and how many more there are', async () => {
    const many = Array.from({ length: 30 }, (_, at) => toRecord({ 8: `M${at}` })).join('');
    const { stdout } = await inspect(put('many.dat', many), '--meters', '2');
    expect(stdout.match(/^M\d+ /gm)).toEqual(['M0 ', 'M1 ']);
    expect(stdout).toContain('... and 112 readings of other meters: --meters N shows N meters.\n');
    expect((await inspect('many.dat')).stdout.match(/^M\d+ /gm)).toHaveLength(20);
  });

  test('has three faults of each code and the counts of all; more with --max-faults', async () => {
    const bad = Array.from({ length: 9 }, () => toRecord({ 10: 'X' })).join('') + toRecord();
    const ran = await inspect(put('bad.dat', bad));
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(`error E_COMMODITY: line 1, field 10 Commodity, byte 79
  Found "X". `);
    expect(ran.stdout.match(/^error /gm)).toHaveLength(3);
    expect(ran.stdout).toContain('... and 6 E_COMMODITY more: --max-faults N shows N faults.\n');
    expect(ran.stdout).toMatch(
      /\nErrors: it would be refused; [^.]*\. Found:\s9\sE_COMMODITY,\s1\sC_ESTIMATED_SHARE\.\n$/,
    );
    expect((await inspect('bad.dat', '--max-faults', '8')).stdout.match(/^error /gm)).toHaveLength(8);
    const lines = ran.stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('--json', () => {
  test('is an array with one object a file, instants as texts', async () => {
    const ran = await inspect('--json', put('two.dat', twoHours), put('none.txt', 'nothing known\n'));
    expect(ran.code).toBe(2);
    expect(ran.json()).toMatchObject([
      {
        file: 'two.dat',
        format: 'cmep',
        profile: 'strict',
        summary: { readings: 4, firstAt: '1998-04-01T08:00:00.000Z' },
        series: [
          {
            meter: 'EL123456',
            unit: 'KWH',
            measure: 'interval',
            intervalMinutes: 60,
            readings: 2,
            adjusted: 1,
            sum: '12',
            firstAt: '1998-04-01T09:00:00.000Z',
            first: '4',
            lastAt: '1998-04-01T10:00:00.000Z',
            last: '8',
            difference: null,
          },
          { unit: 'KWHREG', sum: '212.25', first: '100', last: '112.25', difference: '12.25' },
        ],
        totals: [{ unit: 'KWH', sum: '12' }, { unit: 'KWHREG' }],
        readingsOfOthers: 0,
        faults: [],
        isRefused: false,
      },
      { file: 'none.txt', problem: expect.stringContaining('E_UNKNOWN') },
    ]);
  });

  test('lists faults up to --max-faults and counts the rest', async () => {
    const bad = Array.from({ length: 9 }, () => toRecord({ 10: 'X' })).join('');
    const ran = await inspect('--json', '--max-faults', '2', put('bad.dat', bad));
    expect(ran.json()).toMatchObject([
      { isRefused: true, faultCounts: { E_COMMODITY: 9 }, unlisted: { E_COMMODITY: 7 } },
    ]);
  });
});

describe('series', () => {
  const seriesOf = async (content: string | Uint8Array) => {
    const ran = await inspect('--json', put('series.dat', content));
    return (ran.json() as { series: Record<string, unknown>[] }[])[0]?.series;
  };

  test('ends are found by instant, whatever the order of the records', async () => {
    const records =
      toRecord({ 14: '2' }, '199804011000,,3,,,4') + toRecord({ 14: '2' }, '199804010800,,1,,,2');
    expect(await seriesOf(records)).toMatchObject([
      { first: '1', firstAt: '1998-04-01T08:00:00.000Z', last: '4', lastAt: '1998-04-01T11:00:00.000Z' },
    ]);
  });

  test('missing values are counted and are no ends', async () => {
    const data = '199804010900,N,,,,5,,,6,,N,';
    expect(await seriesOf(toRecord({}, data))).toMatchObject([
      { readings: 4, missing: 2, sum: '11', firstAt: '1998-04-01T10:00:00.000Z', first: '5', last: '6' },
    ]);
    expect(await seriesOf(toRecord({ 14: '1' }, '199804010900,N,'))).toMatchObject([
      { readings: 1, missing: 1, sum: '0', firstAt: null, first: null, last: null },
    ]);
  });

  test('labels of a time-of-use record are apart, and so are purposes and unmetered accounts', async () => {
    expect(await seriesOf(toTouRecord())).toMatchObject([
      { channel: 'W:ON-PEAK', measure: 'total', sum: '410.5', lastAt: '1998-04-01T08:00:00.000Z' },
      { channel: 'W:OFF-PEAK', sum: '1201' },
      { channel: 'W:TOTAL', sum: '1611.5' },
    ]);
    const records =
      toRecord() +
      toRecord({ 9: 'RESEND' }) +
      toRecord({ 8: 'UNMETERED', 4: 'A1' }) +
      toRecord({ 8: 'UNMETERED', 4: 'A2' });
    expect(await seriesOf(records)).toMatchObject([
      { purpose: 'OK', sum: '38.75' },
      { purpose: 'RESEND', sum: '38.75' },
      { meter: 'UNMETERED', account: 'A1' },
      { meter: 'UNMETERED', account: 'A2' },
    ]);
  });

  test('sums do not lose what doubles would', async () => {
    const data = Array.from({ length: 48 }, (_, at) => `${at === 0 ? '199804010900' : ''},,0.1`).join(',');
    expect(await seriesOf(toRecord({ 12: '0.1', 14: '48' }, data))).toMatchObject([{ sum: '0.48' }]);
    const large = '199804010900,,9999999999.5,,,0.00001,,,1E-12';
    expect(await seriesOf(toRecord({ 14: '3' }, large))).toMatchObject([{ sum: '9999999999.500010000001' }]);
  });

  test('of MDEF are channels', async () => {
    const bytes = Buffer.concat(
      toMdefRecords([{ values: [1, 2, 3, 4] }, { label: 'KVARH D', unitCode: '03', values: [0.5, 0, 0, 0] }]),
    );
    expect(await seriesOf(bytes)).toMatchObject([
      { meter: customer, channel: '1', sum: '10', first: '1', last: '4' },
      { meter: customer, channel: '2', sum: '0.5' },
    ]);
  });
});

describe('what is chosen', () => {
  test('is the format and the profile; one that the format has not is refused with those it has', async () => {
    put('two.dat', twoHours);
    expect((await inspect('two.dat', '--profile', 'smartsynch')).stdout).toContain('profile   smartsynch\n');
    expect(await inspect('two.dat', '--profile', 'gmt')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('profile is "gmt", expected strict, '),
    });
  });

  test('is a format that the content must agree with, whatever the name says', async () => {
    put('two.mde', twoHours);
    expect(await inspect('two.mde', '--format', 'mdef')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'two.mde: E_FORMAT: The file was to be read as mdef, but the content is cmep',
      ),
    });
    expect((await inspect('two.mde', '--format', 'cmep')).code).toBe(0);
    // What shows no format is the chosen one's, whose scanner says what is wrong.
    const marked = await inspect(put('marked.dat', `\u{feff}${twoHours}`), '--format', 'cmep');
    expect(marked.stdout).toContain('format    cmep: it was chosen\n');
    expect(marked.code).toBe(1);
    put('packed.dat', Buffer.from([0x1f, 0x8b, 8, 0]));
    expect((await inspect('packed.dat', '--format', 'cmep')).stderr).toContain('E_COMPRESSED');
  });

  test('is the level of a check; a level of syntax or an unknown one is wrong usage', async () => {
    put('two.dat', twoHours);
    expect((await inspect('two.dat', '--level', 'C_GAP=error', '--level', 'C_FUTURE=off')).code).toBe(0);
    for (const wrong of ['E_UNITS=off', 'C_GAP', 'C_GAP=fatal', 'toString=error']) {
      const ran = await inspect('two.dat', '--level', wrong);
      expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected ') });
    }
  });
});

describe('the status', () => {
  test('is that of the worst file, and every file is looked at', async () => {
    put('two.dat', twoHours);
    put('bad.dat', toRecord({ 10: 'X' }));
    mkdirSync(path.join(cwd, 'folder'), { recursive: true });
    expect((await inspect('two.dat', 'bad.dat')).code).toBe(1);
    const ran = await inspect('two.dat', 'missing.dat', 'folder', 'bad.dat');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe(
      'mdma: Cannot read missing.dat: there is no such file\nmdma: Cannot read folder: it is a folder\n',
    );
    expect(ran.stdout.match(/^\S+\.dat$/gm)).toEqual(['two.dat', 'bad.dat']);
  });

  test('is 2 for what has no format, with the reason', async () => {
    for (const [name, content, code] of [
      ['empty.dat', '', 'E_EMPTY'],
      ['packed.dat', Buffer.from([0x1f, 0x8b, 8, 0]), 'E_COMPRESSED'],
      ['named.mde', twoHours, 'E_NAME'],
    ] as const) {
      const ran = await inspect(put(name, content));
      expect(ran).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`${name}: ${code}: `),
      });
    }
  });
});

describe('standard input', () => {
  test('is read as -, in pieces of any size', async () => {
    const pieces = [...toBytes(twoHours)].map((byte) => Uint8Array.of(byte));
    const ran = await runMdma(['inspect', '-'], { cwd, clock, stdin: Readable.from(pieces) });
    put('two.dat', twoHours);
    expect(ran.stdout).toBe((await inspect('two.dat')).stdout.replace('two.dat', 'standard input'));
  });
});

describe('the progress bar', () => {
  // Long, and quickly done: one record, and a line that is passed over.
  const long = put('long.dat', `${toRecord()}${'X'.repeat(17_000_000)}\r\n`);

  test('runs on a long file when a person is looking, and is gone at the end', async () => {
    const ran = await runMdma(['inspect', long], { cwd, clock, isTerminal: true });
    expect(ran.stderr).toMatch(/bytes read .*\/17000/);
    expect(ran.stdout).not.toContain('bytes read');
  });

  test('is nowhere when nobody is, or the file is short', async () => {
    expect((await runMdma(['inspect', long], { cwd, clock })).stderr).toBe('');
    put('two.dat', twoHours);
    expect((await runMdma(['inspect', 'two.dat'], { cwd, clock, isTerminal: true })).stderr).toBe('');
  });
});
