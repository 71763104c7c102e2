import { describe, expect, it } from 'vitest';
import { toCrc16, toCrcText } from '../../../../storage/formats/cmep/fields/crc16.ts';
import { now, scan, scanChunks, toBytes } from '../scan.ts';
import { exampleData, toRecord, toTouRecord } from './records.ts';

const utc = (text: string) => Date.parse(`${text}:00Z`);
const crcOf = (text: string) => toCrcText(toCrc16(toBytes(text), 0, text.length, 'arc'));
const withCrc = (line: string) => `${line}${crcOf(line)}\r\n`;

/** Files that are right, each for a reason; none may have a fault of any level. */
// biome-ignore format: one row a case
const validFiles: readonly { why: string; text: string; profile?: string }[] = [
  { why: 'the example of the protocol, with its empty CRC slot', text: `${toRecord().trimEnd()},\r\n` },
  { why: 'the same without CRC slot, as everybody writes', text: toRecord() },
  { why: 'with a CRC', text: withCrc(`${toRecord().trimEnd()},`) },
  { why: 'a comma in a quoted field', text: toRecord({ 6: '"ACME, INC"' }) },
  { why: 'an empty quoted field', text: toRecord({ 4: '""' }) },
  { why: 'a quoted number', text: toRecord({ 14: '1' }, '199804010900,,"12.5"') },
  { why: 'Count in hexadecimal', text: toRecord({ 14: 'H4' }) },
  { why: 'a signed value with an exponent', text: toRecord({ 11: 'VOLTS', 14: '1' }, '199804010900,A,-1.5D3') },
  { why: 'raw data: whether it may be posted is not the format’s business', text: toRecord({ 14: '1' }, '199804010900,R,1') },
  { why: 'opening and closing read, no interval', text: toRecord({ 11: 'KWHREG', 13: '', 14: '2' }, '199803011500,,10234,199804011500,,11876') },
  { why: 'unmetered, with an account', text: toRecord({ 8: 'UNMETERED' }) },
  { why: 'a month step after the 28th', text: toRecord({ 7: '199806010000', 13: '01000000', 14: '2' }, '199804010800,,1,,,2') },
  { why: 'an interval of 01:30, which divides the day', text: toRecord({ 13: '00000130' }, '199804010900,,1,,,2,,,3,,,4') },
  { why: 'time-of-use totals', text: toTouRecord() },
  { why: 'demand by label need not add up', text: toTouRecord({ 11: 'KW' }, 'ON-PEAK,,4,OFF-PEAK,,2,TOTAL,,4') },
  { why: 'two files put together are a file', text: toTouRecord() + toRecord() },
  { why: 'a Sensus key naming the meter', text: toRecord({ 4: 'U:130000', 5: '', 6: 'B72', 8: '', 11: 'SKWHREG', 14: '2' }, '199804010900,R4,1,,N32,'), profile: 'sensus-rni' },
  { why: 'two bytes after the flag, blanks at borders', text: toRecord({ 5: 'STADIUM ', 14: '1' }, '199804010900,R 00 0F, 1 '), profile: 'smartsynch' },
];

describe('createCmepScanner', () => {
  it.each(validFiles)('takes without any fault: $why', ({ text, profile = 'strict' }) => {
    // One reading of four is an estimate, which says much about a month and nothing about an example.
    const options = { profile, levels: { C_ESTIMATED_SHARE: 'off' } } as const;
    const { faults, faultCounts, isRefused, sets } = scanChunks('cmep', [toBytes(text)], options);
    expect({ faults, faultCounts, isRefused }).toEqual({ faults: [], faultCounts: {}, isRefused: false });
    expect(sets.length).toBeGreaterThan(0);
  });

  it('describes a record and decodes its readings', () => {
    const { sets } = scan('cmep', toBytes(toRecord({ 12: '40' })), 'strict');
    expect(sets).toEqual([
      {
        set: {
          line: 1,
          byteStart: 0,
          byteEnd: toRecord({ 12: '40' }).length,
          sender: '123456789',
          receiver: '987654321',
          receiverField: '987654321',
          account: '1234567',
          senderAccount: '1234567',
          receiverAccount: 'ESP-0042',
          sdp: '',
          meter: 'EL123456',
          commodity: 'E',
          unit: 'KWH',
          channel: '',
          measure: 'interval',
          purpose: 'OK',
          multiplier: '40',
          intervalMinutes: 60,
          periodStartAt: utc('1998-04-01T08:00'),
          periodEndAt: utc('1998-04-01T12:00'),
          readings: 4,
          estimated: 1,
          adjusted: 0,
          raw: 0,
          missing: 1,
          createdAt: utc('1998-04-02T08:30'),
          externalReference: '',
          correctsReference: '',
          reason: '',
        },
        readings: [
          { endAt: utc('1998-04-01T09:00'), value: '12.5', quality: 'validated' },
          { endAt: utc('1998-04-01T10:00'), value: '13.25', quality: 'validated' },
          { endAt: utc('1998-04-01T11:00'), value: '13', quality: 'estimated' },
          { endAt: utc('1998-04-01T12:00'), value: '', quality: 'missing' },
        ],
      },
    ]);
  });

  it('goes on after a record that was cut right behind its header', () => {
    const cut = `${toRecord({ 8: 'M2' }).split(',').slice(0, 14).join(',')}\r\n`;
    const { sets, faultCounts } = scan('cmep', toBytes(toRecord() + cut + toRecord({ 8: 'M3' })), 'strict');
    expect(sets.map(({ set }) => [set.line, set.meter])).toEqual([
      [1, 'EL123456'],
      [3, 'M3'],
    ]);
    expect(faultCounts).toMatchObject({ E_COUNT: 1 });
  });

  it('calculates an omitted stamp from the stamp before it, not from the first', () => {
    const text = toRecord({ 14: '3' }, '199804010900,,1,199804011030,,2,,,3');
    const [first] = scan('cmep', toBytes(text), 'strict').sets;
    expect(first?.readings.map(({ endAt }) => endAt)).toEqual([
      utc('1998-04-01T09:00'),
      utc('1998-04-01T10:30'),
      utc('1998-04-01T11:30'),
    ]);
  });

  it('gives one set a label of MEPMD02', () => {
    const { sets, summary } = scan('cmep', toBytes(toTouRecord()), 'strict');
    expect(sets.map(({ set, readings }) => [set.channel, set.readings, readings[0]?.value])).toEqual([
      ['W:ON-PEAK', 1, '410.5'],
      ['W:OFF-PEAK', 1, '1201'],
      ['W:TOTAL', 1, '1611.5'],
    ]);
    expect(sets[0]?.set).toMatchObject({
      periodStartAt: utc('1998-03-01T08:00'),
      periodEndAt: utc('1998-04-01T08:00'),
      intervalMinutes: 0,
    });
    expect(summary).toMatchObject({ records: 1, readingSets: 3, units: { KWH: 1 } });
  });

  it('sums a file up and leaves bad records out', () => {
    const text = toRecord() + toRecord({ 8: 'M2', 11: 'KVARH' }) + toRecord({ 8: 'M3', 11: 'XX' });
    const { summary } = scan('cmep', toBytes(text), 'strict');
    expect(summary).toEqual({
      format: 'cmep',
      profile: 'strict',
      bytes: text.length,
      records: 3,
      readingSets: 2,
      meters: 2,
      units: { KWH: 1, KVARH: 1 },
      firstAt: utc('1998-04-01T08:00'),
      lastAt: utc('1998-04-01T12:00'),
      readings: 8,
      estimated: 2,
      adjusted: 0,
      raw: 0,
      missing: 2,
      estimatedShare: 0.25,
      rawShare: 0,
      accounts: 1,
      estimatedAccounts: 1,
      estimatedAccountShare: 1,
      senders: ['123456789'],
      receivers: ['987654321'],
    });
  });

  it('lists errors before milder faults when there is no room for all, and counts all', () => {
    const noisy = toRecord({ 2: '20010101' });
    const text = noisy.repeat(20) + toRecord({ 10: 'X' }) + noisy;
    const result = scanChunks('cmep', [toBytes(text)], { profile: 'strict', maxFaults: 5 });
    expect(result.faults.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'W_VERSION 1',
      'W_VERSION 2',
      'C_DUPLICATE 2',
      'W_VERSION 3',
      'E_COMMODITY 21',
    ]);
    expect(result.faultCounts).toEqual({
      W_VERSION: 21,
      C_DUPLICATE: 20,
      C_ESTIMATED_SHARE: 1,
      E_COMMODITY: 1,
    });
  });

  it('notes LF once and an open end, and neither is an error of a refused file', () => {
    const text = (toRecord({ 11: 'SKWHREG' }) + toRecord({ 11: 'SKWHREG' })).replaceAll('\r', '').trimEnd();
    const { faultCounts } = scan('cmep', toBytes(text), 'strict');
    expect(faultCounts).toEqual({ N_LF: 1, W_OPEN_END: 1, E_UNITS: 2, W_REG_PAIR: 2 });
  });

  it('skips a line of 256 MB without keeping it', () => {
    const block = new Uint8Array(1 << 20).fill(0x78);
    function* chunks() {
      yield toBytes(toRecord());
      for (let i = 0; i < 256; i++) yield block;
      yield toBytes(`\r\n${toRecord({ 8: 'M2' })}`);
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const scanner = scanChunks(
      'cmep',
      watch(chunks(), () => (most = Math.max(most, process.memoryUsage().arrayBuffers))),
      {
        profile: 'strict',
        now,
        levels: { C_ESTIMATED_SHARE: 'off' },
      },
    );
    expect(scanner.faults.map(({ code, line }) => `${code} ${line}`)).toEqual(['E_LINE_LEN 2']);
    expect(scanner.sets.map(({ set }) => set.line)).toEqual([1, 3]);
    // The test's own copies of the blocks may wait for the collector; the line itself would be 256 MB.
    expect(most - before).toBeLessThan(128 << 20);
  });

  it('refuses an unknown profile by name', () => {
    expect(() => scan('cmep', toBytes(exampleData), 'sloppy')).toThrow(
      /"sloppy".*strict, sensus-rni, smartsynch/,
    );
  });
});

function* watch<T>(items: Iterable<T>, look: () => void): Generator<T> {
  for (const item of items) {
    look();
    yield item;
  }
}
