import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../storage/formats/detect.ts';
import { scan } from '../scan.ts';
import { readNaively } from './read-naively.ts';

const folder = new URL('../../../../../shared/data/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the MDEF samples are not here (${folder.pathname})`);

/** First channel of each file, as its source describes it; statuses other than zero in all channels. */
// biome-ignore format: one row a file
const files = [
  { name: 'DT010435.MDE', records: 26, channels: 8, start: '2016-10-10T11:15', stop: '2016-10-11T02:00', intervals: 59, first: '885.5', last: '577.5', sum: 50162, statuses: {}, warnings: {} },
  { name: 'DT010516.MDE', records: 42, channels: 8, start: '2016-10-10T00:00', stop: '2016-10-11T00:00', intervals: 96, first: '10.685218', last: '10.685218', sum: 914.25, statuses: {}, warnings: {} },
  { name: 'DT030918.MDE', records: 44, channels: 7, start: '2016-10-10T05:15', stop: '2016-10-11T07:45', intervals: 106, first: '7', last: '0', sum: 462, statuses: { '0,3': 35, '0,64': 21, '0,259': 7 }, warnings: { W_CHANNELS: 1, N_REMARK: 7 } },
];

const unitOfLabel: Readonly<Record<string, string>> = { 'KWH D': 'KWH', 'KVARH D': 'KVARH' };

describe.skipIf(!isThere)('real MDEF files', () => {
  it.each(files)('$name scans to what is known of it', (file) => {
    const bytes = readFileSync(new URL(`mdef/${file.name}`, folder));
    const { isRefused, faultCounts, summary, sets } = scan('mdef', bytes, 'philippines');
    expect({ isRefused, faultCounts }).toEqual({ isRefused: false, faultCounts: file.warnings });
    expect(summary).toMatchObject({ records: file.records, readingSets: file.channels, meters: 1 });
    const [channel] = sets;
    expect(channel?.set).toMatchObject({
      unit: 'KWH',
      readings: file.intervals,
      intervalMinutes: 15,
      periodStartAt: Date.parse(`${file.start}:00+08:00`),
      periodEndAt: Date.parse(`${file.stop}:00+08:00`),
    });
    const values = (channel?.readings ?? []).map(({ value }) => value);
    expect([values[0], values.at(-1)]).toEqual([file.first, file.last]);
    expect(values.reduce((sum, value) => sum + Number(value), 0)).toBeCloseTo(file.sum, 1);
    expect(detectFormat(bytes, file.name)).toMatchObject({ format: 'mdef' });
    expect(detectFormat(bytes, 'x.csv')).toMatchObject({ fault: { code: 'E_NAME' } });
  });

  it.each(files)('$name means the same to a naive reader, channel by channel', (file) => {
    const bytes = readFileSync(new URL(`mdef/${file.name}`, folder));
    const naive = readNaively(bytes);
    const statuses: Record<string, number> = {};
    for (const status of naive.flatMap((channel) => channel.statuses)) {
      if (status !== '0,0') statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect(statuses).toEqual(file.statuses);
    const { sets } = scan('mdef', bytes, 'philippines');
    expect(sets.map(({ set }) => set.unit)).toEqual(naive.map(({ label }) => unitOfLabel[label] ?? label));
    for (const [index, { readings, set }] of sets.entries()) {
      const channel = naive[index];
      // "Data missing" has a number beside it that is none.
      const expected = channel?.values.map((value, at) => (channel.statuses[at] === '0,64' ? 0 : value));
      expect(readings.map(({ value }) => Math.fround(Number(value)))).toEqual(expected);
      expect(set.missing).toBe(channel?.statuses.filter((status) => status === '0,64').length);
    }
  });

  it('says so when the site of the samples is read with another site’s unit codes', () => {
    const bytes = readFileSync(new URL('mdef/DT010516.MDE', folder));
    const { faultCounts, summary } = scan('mdef', bytes, 'pacific-standard');
    expect(faultCounts).toEqual({ W_UNIT: 6 });
    expect(summary.units).toMatchObject({ KWH: 1, KVARH: 1, VAN: 1 });
  });
});

/** Local days of 23, 24 and 25 hours in Pacific standard time (ISO facts, 5.8), made as their README says. */
// biome-ignore format: one row a file
const synthetic = [
  { hours: 23, start: '2020-03-08T00:00:00-08:00', stop: '2020-03-09T00:00:00-07:00', readings: 92, estimated: 0, missing: 0, warnings: {} },
  { hours: 24, start: '2020-03-01T00:00:00-08:00', stop: '2020-03-02T00:00:00-08:00', readings: 96, estimated: 1, missing: 1, warnings: { C_ESTIMATED_SHARE: 1 } },
  { hours: 25, start: '2020-11-01T00:00:00-07:00', stop: '2020-11-02T00:00:00-08:00', readings: 100, estimated: 0, missing: 0, warnings: {} },
];

describe.skipIf(!isThere)('synthetic MDEF files', () => {
  it.each(synthetic)('a day of $hours hours', ({ hours, start, stop, warnings, ...counts }) => {
    const bytes = readFileSync(new URL(`iso/proposed/synthetic_15min_${hours}h.dat`, folder));
    const { isRefused, faultCounts, sets } = scan('mdef', bytes, 'pacific-standard');
    expect({ isRefused, faultCounts }).toEqual({ isRefused: false, faultCounts: warnings });
    expect(sets[0]?.set).toMatchObject({
      ...counts,
      meter: 'EXAMPL_1_UNIT1',
      unit: 'KWH',
      periodStartAt: Date.parse(start),
      periodEndAt: Date.parse(stop),
    });
    const [naive] = readNaively(bytes);
    const values = sets[0]?.readings.map(({ value, quality }) =>
      quality === 'missing' ? null : Number(value),
    );
    expect(values?.map((value) => value && Math.fround(value))).toEqual(
      naive?.values.map((value, at) => (naive.statuses[at] === '0,64' ? null : value)),
    );
    expect(values?.[0]).toBe(1000);
  });
});
