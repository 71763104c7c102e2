import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toIsoRow } from '../../../../storage/formats/meter-data-xml/to-iso-row.ts';
import { minuteMs } from '../../../../storage/model/time.ts';
import { format, read, row, write } from './meter-data-rows.ts';

describe('writeMeterData()', () => {
  test('follows the format in names, order and codes', () => {
    const rows = [
      { ...row, resourceId: 'PUMP', measurementType: 'LOAD', value: '3', isEstimated: true },
      row,
      { ...row, endAt: row.endAt - 15 * minuteMs, value: '-0.5', unit: 'MWH' },
    ];
    const interval = (value: string, end: string, flag = '') =>
      `<Interval><value>${value}</value><end>2026-11-24T${end}:00.000Z</end>${flag}</Interval>`;
    expect(write(rows)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Data xmlns="urn:test"><Series><length>15</length>' +
        `${interval('-0.5', '08:00')}${interval('0.001250', '08:15')}<Plant><id>PLANT_1</id></Plant>` +
        '<unit>MWH</unit><type>GEN</type></Series><Series><length>15</length>' +
        `${interval('0.003', '08:15', '<flag>E</flag>')}<Plant><id>PUMP</id></Plant>` +
        '<unit>MWH</unit><type>LOAD</type></Series></Data>\n',
    );
  });

  test('gives the same bytes for the same rows in any order', () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({
      ...row,
      resourceId: `PLANT_${at % 3}`,
      endAt: row.endAt + at * 15 * minuteMs,
    }));
    const expected = write(rows);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(write(shuffled)).toBe(expected);
      }),
    );
  });

  test('what is written reads back', () => {
    const rows = fc.uniqueArray(
      fc.record({
        resourceId: fc.constantFrom('A', 'B', 'C'),
        measurementType: fc.constantFrom('GEN', 'LOAD'),
        unit: fc.constantFrom('KWH', 'MWH', 'GWH'),
        intervalMinutes: fc.constant(15),
        endAt: fc.integer({ min: 1, max: 2_000_000 }).map((at) => at * 15 * minuteMs),
        value: fc.stringMatching(/^\d{1,9}(\.\d{1,3})?$/),
        isEstimated: fc.boolean(),
      }),
      { selector: ({ resourceId, measurementType, endAt }) => `${resourceId} ${measurementType} ${endAt}` },
    );
    fc.assert(
      fc.property(rows, (some) => {
        const key = (one: object) => JSON.stringify(Object.entries(one).sort());
        const expected = some.map((one) => ({
          ...toIsoRow(one, format),
          ...(one.isEstimated ? { quality: 'E' } : {}),
        }));
        expect(read(write(some)).map(key).sort()).toEqual(expected.map(key).sort());
      }),
    );
  });
});

describe('toIsoRow()', () => {
  test.each([
    ['1.250', 'KWH', '0.001250'],
    ['0', 'KWH', '0.000'],
    ['-12', 'KWH', '-0.012'],
    ['123456789.123', 'KWH', '123456.789123'],
    ['1.5', 'GWH', '1500'],
    ['1.2345', 'GWH', '1234.5'],
    ['007.10', 'MWH', '007.10'],
  ])('%s %s is %s MWH, exactly', (value, unit, expected) => {
    expect(toIsoRow({ ...row, value, unit }, format)).toMatchObject({ value: expected, unit: 'MWH' });
  });

  test.each([
    ['measurementType', { measurementType: 'WIND' }, /measurementType is "WIND", expected one of GEN, LOAD/],
    ['measurementType', { measurementType: 'constructor' }, /expected one of GEN, LOAD/],
    ['resourceId', { resourceId: 'A B' }, /resourceId is "A B"/],
    [
      'intervalMinutes',
      { intervalMinutes: 30 },
      /intervalMinutes is "30", expected one of 5, 15, 60 for GEN/,
    ],
    [
      'endAt',
      { endAt: row.endAt + 1 },
      /endAt is "2026-11-24T08:15:00.001Z", expected a multiple of 15 minutes/,
    ],
    ['unit', { unit: 'KVARH' }, /unit is "KVARH", expected MWH, or a unit that becomes it/],
    ['value', { value: '1e3' }, /value is "1e3", expected a decimal number/],
    ['value', { value: '' }, /value is ""/],
  ])('refuses a wrong %s: %j', (at, change, message) => {
    const action = () => toIsoRow({ ...row, ...change }, format);
    expect(action).toThrow(message);
    expect(action).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ at })] }));
    expect(action).toThrow(/^Cannot write meter data of .* for the interval until 2026-11-24T08:15/);
  });
});
