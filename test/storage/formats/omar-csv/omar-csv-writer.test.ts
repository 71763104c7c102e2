import { describe, expect, it } from 'vitest';
import { createMdefWriter } from '../../../../storage/formats/mdef/mdef-writer.ts';
import { createOmarCsvWriter } from '../../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { maxEnds } from '../../../../storage/formats/omar-csv/written-ends.ts';
import { exampleData, toRecord } from '../cmep/records.ts';
import { scan, toBytes } from '../scan.ts';
import { type Given, toGiven, write } from '../write.ts';

const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY\r\n';
const endAt = Date.UTC(2020, 2, 1, 8, 15);

function writeOmar(given: readonly Given[], profile = 'gmt') {
  return write(createOmarCsvWriter, profile, given);
}

describe('createOmarCsvWriter', () => {
  it('writes a row a reading, the type by the unit', () => {
    const { file, ...result } = writeOmar([
      toGiven(['1', { value: '2.25', quality: 'estimated' }]),
      toGiven(['3'], { unit: 'GKVARH', intervalMinutes: 60, purpose: 'OK' }),
      toGiven(['4'], { channel: 'CBL' }),
    ]);
    expect(file.toString('latin1')).toBe(
      header +
        'METER_1,LOAD,KWH,15,2020-03-01T08:15:00Z,1.000,\r\n' +
        'METER_1,LOAD,KWH,15,2020-03-01T08:30:00Z,2.250,E\r\n' +
        'METER_1,GEN,KVARH,60,2020-03-01T09:00:00Z,3.000,\r\n' +
        'METER_1,CBL,KWH,15,2020-03-01T08:15:00Z,4.000,\r\n',
    );
    expect(result).toEqual({ bytes: file.length, records: 5, readings: 4, losses: {} });
  });

  it('writes Pacific standard time all year in that layout', () => {
    const { file } = writeOmar([toGiven(['1'], {}, Date.UTC(2020, 6, 1, 8))], 'pacific-standard');
    expect(file.toString('latin1')).toBe('METER_1,LOAD,KWH,15,202007010015,1.000,\r\n');
  });

  // biome-ignore format: one row a case
  it.each([
    ['a unit the ISO does not take', toGiven(['1', '2'], { unit: 'THERM' }), { unit: 2 }],
    ['a name that objects have', toGiven(['1'], { unit: 'constructor' }), { unit: 1 }],
    ['a register', toGiven(['1'], { measure: 'register' }), { register: 1 }],
    ['totals', toGiven(['1'], { measure: 'total' }), { total: 1 }],
    ['what is cancelled', toGiven(['1'], { purpose: 'CANCEL' }), { purpose: 1 }],
    ['20 minutes', toGiven(['1'], { intervalMinutes: 20 }), { interval: 1 }],
    ['a meter in lower case', toGiven(['1'], { meter: 'meter' }), { identity: 1 }],
    ['a meter of 33 characters', toGiven(['1'], { meter: 'M'.repeat(33) }), { identity: 1 }],
    ['raw data', toGiven([{ value: '1', quality: 'raw' }]), { raw: 1 }],
    ['what is missing', toGiven([{ value: '', quality: 'missing' }]), { missing: 1 }],
    ['negative values', toGiven(['-1']), { negative: 1 }],
    ['an end between the bounds', toGiven([{ value: '1', endAt: endAt + 60_000 }]), { boundary: 1 }],
    ['a value of 40 digits', toGiven(['9'.repeat(40)]), { magnitude: 1 }],
    ['a value of 13 digits', toGiven(['1000000000000']), { magnitude: 1 }],
  ] as const)('leaves out %s', (_, given, losses) => {
    expect(writeOmar([given])).toMatchObject({ bytes: 0, records: 0, readings: 0, losses });
  });

  // biome-ignore format: one row a case
  it.each([
    ['more than three places', ['1.2345', '0.0005'], {}, ['1.234', '0.000'], { rounded: 2 }],
    ['zeros before and after', ['007.1', '0', '000', '12.5000'], {}, ['7.100', '0.000', '0.000', '12.500'], {}],
    ['exponents and multipliers', ['1.5D1', '2'], { multiplier: '0.3' }, ['4.500', '0.600'], {}],
    ['twelve digits', ['999999999999.999'], {}, ['999999999999.999'], {}],
    ['an adjustment without its flag', [{ value: '1', quality: 'adjusted' as const }], {}, ['1.000'], { flag: 1 }],
    ['parties left out', ['1', '2'], { sender: 'MDMA' }, ['1.000', '2.000'], { text: 2 }],
    ['an interval given twice', ['1', { value: '2', endAt }], {}, ['1.000'], { overlap: 1 }],
  ])('carries %s', (_, values, change, expected, losses) => {
    const { file, losses: found } = writeOmar([toGiven(values, change)]);
    expect(found).toEqual(losses);
    const { sets, isRefused } = scan('omar-csv', file, 'gmt');
    expect(isRefused).toBe(false);
    expect(sets.flatMap(({ readings }) => readings.map(({ value }) => value))).toEqual(expected);
  });

  it('writes no interval of a resource, type and unit twice, in whatever order it comes', () => {
    const given = [toGiven(['1', '2', '3']), toGiven(['4', '5'], {}, endAt - 1_800_000), toGiven(['6'])];
    const { file, losses, readings } = writeOmar(given);
    expect({ losses, readings }).toEqual({ losses: { overlap: 2 }, readings: 4 });
    expect(scan('omar-csv', file, 'gmt').faultCounts).toEqual({});
  });

  it('refuses a series that it cannot remember', () => {
    const writer = createOmarCsvWriter({ profile: 'gmt', now: 0, onBytes: () => undefined });
    const { set, readings } = toGiven(new Array<string>(100_000).fill('1'));
    for (let i = 0; i < maxEnds / 100_000; i++) {
      const later = readings.map((reading) => ({ ...reading, endAt: reading.endAt + i * 100_000 * 900_000 }));
      writer.add(set, later);
    }
    const more = [{ ...(readings[0] as Given['readings'][number]), endAt: endAt - 900_000 }];
    expect(() => writer.add(set, more)).toThrow(/METER_1 LOAD KWH.*at most 500000/);
  });

  it.each([23, 24, 25])('writes a local day of %d hours by elapsed time', (hours) => {
    const start = {
      23: '2020-03-08T00:00-08:00',
      24: '2020-03-01T00:00-08:00',
      25: '2020-11-01T00:00-07:00',
    };
    const values = Array.from({ length: 4 * hours }, (_, index) => `${index}.000`);
    const given = toGiven(values, {}, Date.parse(start[hours as 23]));
    for (const profile of ['gmt', 'pacific-standard']) {
      const { sets, faultCounts } = scan('omar-csv', writeOmar([given], profile).file, profile);
      expect(faultCounts).toEqual({});
      expect(sets.map(({ readings }) => readings)).toEqual([given.readings]);
    }
  });

  it('keeps value, instant, quality and direction of CMEP, by way of MDEF too', () => {
    const data = exampleData.replace(',N,', ',,12.750');
    const text = toRecord({}, data) + toRecord({ 11: 'GKWH' }, data) + toRecord({ 11: 'KVARH' }, data);
    const cmep = scan('cmep', toBytes(text), 'strict').sets;
    const toMeaning = (given: readonly Given[]) =>
      given.map(({ set, readings }) => [
        set.meter,
        set.unit,
        set.intervalMinutes,
        readings.map(({ endAt, value, quality }) => [endAt, Number(value), quality]),
      ]);
    const ways = [
      { format: 'omar-csv', profile: 'gmt', create: createOmarCsvWriter },
      { format: 'omar-csv', profile: 'pacific-standard', create: createOmarCsvWriter },
      { format: 'mdef', profile: 'pacific-standard', create: createMdefWriter },
    ] as const;
    expect(cmep).toHaveLength(3);
    for (const { format, profile, create } of ways) {
      const { file, losses } = write(create, profile, cmep);
      // The parties are what neither can say.
      expect(losses).toEqual({ text: 12 });
      expect(toMeaning(scan(format, file, profile).sets)).toEqual(toMeaning(cmep));
    }
  });

  it('refuses an unknown layout by name', () => {
    expect(() => writeOmar([], 'lunar')).toThrow(/"lunar".*gmt, pacific-standard/);
  });
});
