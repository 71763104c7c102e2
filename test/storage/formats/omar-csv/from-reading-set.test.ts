import { describe, expect, it } from 'vitest';
import type { Quality, Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import { fromReadingSet } from '../../../../storage/formats/omar-csv/from-reading-set.ts';
import { toRecord } from '../cmep/records.ts';
import { scan, toBytes } from '../scan.ts';

const mapping = { resourceId: 'PLANT_1', measurementType: 'GEN', unit: 'KWH' };
const none = { unit: 0, interval: 0, raw: 0, missing: 0, negative: 0, boundary: 0 };
const [scanned] = scan('cmep', toBytes(toRecord()), 'strict').sets;
if (scanned === undefined) throw new Error('The example record gave no reading set');
const { set, readings } = scanned;

function toReading(value: string, quality: Quality = 'validated', endAt = set.periodEndAt): Reading {
  return { value, quality, endAt };
}

function convert(change: Partial<ReadingSet>, list: readonly Reading[]) {
  const rows: { endAt: number; value: string; isEstimated: boolean }[] = [];
  const conversion = fromReadingSet({ ...set, ...change }, list, mapping, (endAt, value, isEstimated) =>
    rows.push({ endAt, value, isEstimated }),
  );
  expect(conversion.carried).toBe(rows.length);
  return { ...conversion, rows };
}

describe('fromReadingSet', () => {
  it('carries values and the estimated flag, and counts what is missing', () => {
    const { rows, notCarried, rounded, flagsDropped } = convert({}, readings);
    expect(rows.map(({ endAt, value, isEstimated }) => [endAt, value, isEstimated])).toEqual([
      [Date.parse('1998-04-01T09:00:00Z'), '12.500', false],
      [Date.parse('1998-04-01T10:00:00Z'), '13.250', false],
      [Date.parse('1998-04-01T11:00:00Z'), '13.000', true],
    ]);
    expect({ notCarried, rounded, flagsDropped }).toEqual({
      notCarried: { ...none, missing: 1 },
      rounded: 0,
      flagsDropped: 0,
    });
  });

  it('multiplies exactly and rounds half to even, and says so', () => {
    const { rows, rounded } = convert({ multiplier: '0.25' }, [
      toReading('0.002'),
      toReading('0.006'),
      toReading('1.5D1'),
      toReading('4.4'),
    ]);
    expect(rows.map(({ value }) => value)).toEqual(['0.000', '0.002', '3.750', '1.100']);
    expect(rounded).toBe(2);
  });

  it('never carries raw, missing or negative readings, nor ends between the bounds', () => {
    const list = [
      toReading('1', 'raw'),
      toReading('', 'missing'),
      toReading('-1'),
      toReading('1', 'validated', set.periodEndAt + 60_000),
    ];
    expect(convert({}, list)).toMatchObject({
      rows: [],
      notCarried: { ...none, raw: 1, missing: 1, negative: 1, boundary: 1 },
    });
  });

  it('counts an adjustment whose flag the target does not have', () => {
    expect(convert({}, [toReading('1', 'adjusted')])).toMatchObject({
      flagsDropped: 1,
      rows: [{ isEstimated: false }],
    });
  });

  it.each([
    ['registers', { unit: 'KWHREG' }, 'unit'],
    ['another unit than the mapping’s', { unit: 'KVARH' }, 'unit'],
    ['a name that objects have', { unit: 'constructor' }, 'unit'],
    ['an unknown interval', { intervalMinutes: 0 }, 'interval'],
    ['an interval the ISO does not take', { intervalMinutes: 20 }, 'interval'],
  ] as const)('carries nothing of %s', (_, change, reason) => {
    expect(convert(change, readings)).toMatchObject({ rows: [], notCarried: { ...none, [reason]: 4 } });
  });

  it('carries received energy as its unit; the mapping names the direction', () => {
    expect(convert({ unit: 'GKWH' }, [toReading('1')]).rows).toHaveLength(1);
  });
});
