import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxMeterDataBytes, splitMeterData } from '../../../../storage/formats/meter-data-xml/split.ts';
import { hourMs, minuteMs } from '../../../../storage/model/time.ts';
import { toTradeDay } from '../../../../storage/model/trade-day.ts';
import { format, row, write } from './meter-data-rows.ts';

const dayAt = Date.UTC(2026, 10, 23, 8);

/** So many hours of quarter hours of a resource. */
function toRows(resourceId: string, hours: number, startAt = dayAt) {
  return Array.from({ length: hours * 4 }, (_, at) => ({
    ...row,
    resourceId,
    endAt: startAt + (at + 1) * 15 * minuteMs,
  }));
}

function getParts(rows: Parameters<typeof splitMeterData>[0], maxBytes?: number) {
  const split = splitMeterData(rows, format, maxBytes);
  if ('tooLarge' in split) throw new Error(JSON.stringify(split));
  return split.parts;
}

describe('splitMeterData()', () => {
  test('keeps what fits in one part', () => {
    const rows = [...toRows('A', 48), ...toRows('B', 24)];
    expect(getParts(rows)).toHaveLength(1);
    expect(getParts([])).toEqual([]);
  });

  test('never tears a trade day of a resource, and no part is too large', () => {
    const rows = [...toRows('B', 24 * 6), ...toRows('A', 24 * 3), ...toRows('C', 1)];
    const whole = write(toRows('A', 24)).length;
    for (const maxBytes of [whole + 100, 2 * whole, 3 * whole]) {
      const parts = getParts(rows, maxBytes);
      const seen = new Map<string, number>();
      parts.forEach((part, number) => {
        expect(write(part).length).toBeLessThanOrEqual(maxBytes);
        for (const { resourceId, endAt } of part) {
          const key = `${resourceId} ${toTradeDay(endAt)}`;
          expect(seen.get(key) ?? number).toBe(number);
          seen.set(key, number);
        }
      });
      expect(parts.flat()).toHaveLength(rows.length);
      expect(seen.size).toBe(10);
    }
  });

  test('counts a single day to the byte', () => {
    const rows = toRows('A', 24);
    const bytes = write(rows).length;
    expect(getParts(rows, bytes)).toHaveLength(1);
    expect(splitMeterData(rows, format, bytes - 1)).toEqual({
      tooLarge: { resourceId: 'A', day: '2026-11-23', bytes },
    });
  });

  test.each([
    ['spring', Date.UTC(2026, 2, 8, 8), 23],
    ['autumn', Date.UTC(2026, 10, 1, 7), 25],
  ])('in %s the day is whole with its %i hours', (_, startAt, hours) => {
    const rows = toRows('A', hours, startAt);
    const next = toRows('A', 1, startAt + hours * hourMs);
    expect(getParts([...rows, ...next], write(rows).length)).toEqual([rows, next]);
  });

  test('gives the same parts for the same rows, in any order of resources and days', () => {
    const days = ['A', 'B', 'C'].flatMap((id) =>
      [0, 24, 48].map((hours) => toRows(id, 2, dayAt + hours * hourMs)),
    );
    const maxBytes = write(days.slice(0, 2).flat()).length;
    const expected = getParts(days.flat(), maxBytes).map(write);
    expect(expected.length).toBeGreaterThan(2);
    fc.assert(
      fc.property(fc.shuffledSubarray(days, { minLength: days.length }), (shuffled) => {
        expect(getParts(shuffled.flat(), maxBytes).map(write)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('the limit is under 15 MB, and many rows come near it', () => {
    const rows = Array.from({ length: 420 }, (_, at) => toRows(`R${at}`, 24 * 5)).flat();
    const parts = getParts(rows);
    const bytes = write(parts[0] ?? []).length;
    expect(parts).toHaveLength(2);
    expect(bytes).toBeLessThanOrEqual(maxMeterDataBytes);
    expect(bytes).toBeGreaterThan(maxMeterDataBytes * 0.95);
  });
});
