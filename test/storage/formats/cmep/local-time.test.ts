import { describe, expect, it } from 'vitest';
import { maxLocalSeries } from '../../../../storage/formats/cmep/local-stamps.ts';
import { createScanner } from '../../../../storage/formats/scanners.ts';
import { now, scan, scanChunks, toBytes } from '../scan.ts';
import { toRecord, toTouRecord } from './records.ts';

const iso = (instant: number | null | undefined) =>
  new Date(instant ?? Number.NaN).toISOString().slice(5, 16);
/** A record of quarter hours or hours, stamps as given; values count up. */
const record = (stamps: readonly string[], change: Readonly<Record<number, string>> = {}) =>
  toRecord(
    { 7: '200612010000', 13: '00000015', 14: String(stamps.length), ...change },
    stamps.map((stamp, i) => `${stamp},,${i}`).join(','),
  );
const endsOf = (text: string, profile = 'local-time') =>
  scan('cmep', toBytes(text), profile).sets.map(({ readings }) => readings.map(({ endAt }) => iso(endAt)));
const hourly = { 13: '00000100' };

describe('stamps in local time', () => {
  it('are Pacific time, winter and summer', () => {
    expect(endsOf(record(['200601010000']) + record(['200607010000']))).toEqual([
      ['01-01T08:00'],
      ['07-01T07:00'],
    ]);
  });

  it('are UTC unless the profile says otherwise', () => {
    expect(endsOf(record(['200601010000']), 'sensus-rni')).toEqual([['01-01T00:00']]);
    expect(endsOf(record(['200601010000']), 'local-time:utc-stamps')).toEqual([['01-01T00:00']]);
  });

  it('make a spring day of 23 hours without a gap', () => {
    const day = ['200604020100', '200604020300', '200604020400'];
    expect(endsOf(record(day, hourly))).toEqual([['04-02T09:00', '04-02T10:00', '04-02T11:00']]);
  });

  it('take the second of the repeated hour for standard time', () => {
    const hours = ['200610290000', '200610290100', '200610290100', '200610290200'];
    const { sets, faultCounts } = scan('cmep', toBytes(record(hours, hourly)), 'local-time');
    expect(sets[0]?.readings.map(({ endAt }) => iso(endAt))).toEqual([
      '10-29T07:00',
      '10-29T08:00',
      '10-29T09:00',
      '10-29T10:00',
    ]);
    expect(faultCounts).toEqual({});
  });

  it('are told apart across records, for each meter and unit', () => {
    const first = ['200610290045', '200610290100', '200610290115', '200610290130', '200610290145'];
    const second = ['200610290100', '200610290115', '200610290130', '200610290145', '200610290200'];
    const text =
      record(first) +
      record(first, { 8: 'M2' }) +
      record(first, { 11: 'KVARH' }) +
      record(second, { 8: 'M2' }) +
      record(second) +
      record(second, { 11: 'KVARH' });
    const later = ['10-29T09:00', '10-29T09:15', '10-29T09:30', '10-29T09:45', '10-29T10:00'];
    expect(endsOf(text).slice(3)).toEqual([later, later, later]);
    expect(scan('cmep', toBytes(text), 'local-time').faultCounts).toEqual({});
  });

  it('are told apart by the even spacing of the first record', () => {
    const repeated = ['200610290130', '200610290145', '200610290200'];
    expect(endsOf(record(repeated))).toEqual([['10-29T09:30', '10-29T09:45', '10-29T10:00']]);
    const whole = ['200610290130', '200610290145', '200610290100', '200610290115', ...repeated];
    expect(endsOf(record(whole))[0]?.slice(0, 3)).toEqual(['10-29T08:30', '10-29T08:45', '10-29T09:00']);
  });

  it('take a stamp that nothing tells for the first, and say so', () => {
    const { sets, faultCounts } = scan(
      'cmep',
      toBytes(record(['200610290130', '200610290500'])),
      'local-time',
    );
    expect(sets[0]?.readings.map(({ endAt }) => iso(endAt))).toEqual(['10-29T08:30', '10-29T13:00']);
    expect(faultCounts).toMatchObject({ W_LOCAL_TWICE: 1 });
  });

  it('left out follow by elapsed time below a day, by the calendar from a day on', () => {
    expect(endsOf(record(['200610290000', '', '', ''], hourly))).toEqual([
      ['10-29T07:00', '10-29T08:00', '10-29T09:00', '10-29T10:00'],
    ]);
    expect(endsOf(record(['200610290000', ''], { 13: '00010000' }))).toEqual([
      ['10-29T07:00', '10-30T08:00'],
    ]);
    expect(endsOf(record(['200604010000', ''], { 13: '01000000' }))).toEqual([
      ['04-01T08:00', '05-01T07:00'],
    ]);
  });

  it('begin a day or a month on the calendar', () => {
    const month = record(['200605010000'], { 13: '01000000' });
    const [set] = scan('cmep', toBytes(month), 'local-time').sets;
    expect([iso(set?.set.periodStartAt), iso(set?.set.periodEndAt)]).toEqual(['04-01T08:00', '05-01T07:00']);
  });

  it('bound the period of totals', () => {
    const text = toTouRecord({ 7: '200605010000', 14: '200604010000', 15: '200604300000' });
    const [set] = scan('cmep', toBytes(text), 'local-time').sets;
    expect([iso(set?.set.periodStartAt), iso(set?.set.periodEndAt)]).toEqual(['04-01T08:00', '04-30T07:00']);
  });

  it('are set for field 7 apart from the data', () => {
    const created = (profile: string) =>
      iso(scan('cmep', toBytes(record(['200606010000'])), profile).sets[0]?.set.createdAt);
    expect(created('local-time')).toBe('12-01T00:00');
    expect(created('local-time:local-created')).toBe('12-01T08:00');
    expect(created('schneider')).toBe('12-01T08:00');
    expect(created('schneider:utc-created')).toBe('12-01T00:00');
  });

  it('are the same however the file is cut', () => {
    const text =
      record(['200610290045', '200610290100']) + record(['200610290100', '200610290115', '200610290200']);
    const whole = scan('cmep', toBytes(text), 'local-time');
    const bytes = Array.from(toBytes(text), (byte) => Uint8Array.of(byte));
    expect(scanChunks('cmep', bytes, { profile: 'local-time' })).toEqual(whole);
  });

  it('say once that there are more series than are remembered', () => {
    const [start = '', end = ''] = record(['200601010000']).split('EL123456');
    const scanner = createScanner('cmep', { profile: 'strict:local-stamps', now });
    for (let i = 0; i <= maxLocalSeries; i += 1_000) {
      const meters = Array.from({ length: 1_000 }, (_, j) => `${start}M${i + j}${end}`);
      scanner.push(toBytes(meters.join('')));
    }
    const { faultCounts, isRefused } = scanner.end();
    expect(faultCounts).toMatchObject({ N_LOCAL_CAP: 1 });
    expect(isRefused).toBe(false);
  });
});
