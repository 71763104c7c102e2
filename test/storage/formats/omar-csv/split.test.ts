import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getOmarCsvLayout, type OmarRow } from '../../../../storage/formats/omar-csv/columns.ts';
import { OmarRows } from '../../../../storage/formats/omar-csv/omar-rows.ts';
import {
  createPartWriter,
  maxOmarFileBytes,
  splitOmarRows,
} from '../../../../storage/formats/omar-csv/split.ts';
import { toOmarCsv } from '../../../../storage/formats/omar-csv/to-omar-csv.ts';

const layout = getOmarCsvLayout('gmt');

function toRows(resourceId: string, startAt: number, count: number, measurementType = 'GEN'): OmarRow[] {
  return Array.from({ length: count }, (_, index) => ({
    resourceId,
    measurementType,
    unit: 'KWH',
    intervalMinutes: 15,
    endAt: startAt + (index + 1) * 900_000,
    value: '1.000',
    isEstimated: false,
  }));
}

function keep(rows: readonly OmarRow[]): OmarRows {
  const kept = new OmarRows();
  for (const row of rows) {
    const { resourceId, measurementType, unit, intervalMinutes } = row;
    kept.begin({ resourceId, measurementType, unit, intervalMinutes });
    kept.add(row.endAt, row.value, row.isEstimated);
  }
  return kept;
}

/** The rows of each part; checks that each is written as the rows say, and is as large as the split says. */
function getParts(rows: readonly OmarRow[], maxBytes?: number): OmarRow[][] {
  const kept = keep(rows);
  expect(JSON.stringify([...kept])).toBe(JSON.stringify(rows));
  const split = splitOmarRows(kept, layout, maxBytes);
  if (!('parts' in split)) throw new Error(`too large: ${JSON.stringify(split.tooLarge)}`);
  const write = createPartWriter(layout);
  return split.parts.map((part) => {
    const own = [...Object.assign(new OmarRows(), { runs: part.runs })];
    const csv = write(part);
    expect(Buffer.compare(csv, toOmarCsv(own, layout))).toBe(0);
    expect([csv.length, own.length]).toEqual([part.bytes, part.rows]);
    return own;
  });
}

const toText = (row: OmarRow) => JSON.stringify(row);
const dayOf = ({ endAt }: OmarRow) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(endAt - 1);

describe('splitOmarRows', () => {
  it('keeps days of 23, 24 and 25 hours together', () => {
    const days = [
      ['2020-03-08T00:00:00-08:00', 92],
      ['2020-07-01T00:00:00-07:00', 96],
      ['2020-11-01T00:00:00-07:00', 100],
    ] as const;
    for (const [start, count] of days) {
      // One quarter hour before and after: they belong to other days.
      const rows = toRows('A', Date.parse(start) - 900_000, count + 2);
      const parts = getParts(rows, toOmarCsv(rows.slice(1, -1), layout).length);
      expect(parts.map((part) => part.length)).toEqual([1, count, 1]);
    }
  });

  it('fills parts below the limit, loses nothing, tears no day, and depends on nothing but the rows', () => {
    const list = fc.array(
      fc.tuple(
        fc.constantFrom('A', 'B', 'C'),
        fc.nat(2_000),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('GEN', 'LOAD'),
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(list, fc.integer({ min: 80_000, max: 120_000 }), (plan, maxBytes) => {
        const rows = plan.flatMap(([id, start, count, type]) =>
          toRows(id, Date.UTC(2020, 2, 1) + start * 900_000, count, type),
        );
        const parts = getParts(rows, maxBytes);
        for (const part of parts) expect(toOmarCsv(part, layout).length).toBeLessThanOrEqual(maxBytes);
        expect(new Set(parts.flat().map(toText))).toEqual(new Set(rows.map(toText)));
        expect(parts.flat()).toHaveLength(rows.length);
        const home = new Map<string, number>();
        for (const [index, part] of parts.entries()) {
          for (const row of part) {
            const key = `${row.resourceId} ${dayOf(row)}`;
            expect(home.get(key) ?? index).toBe(index);
            home.set(key, index);
          }
        }
        expect(getParts(rows, maxBytes)).toEqual(parts);
      }),
      { numRuns: 50 },
    );
  });

  it('holds the ISO’s limit by default', () => {
    const rows = Array.from({ length: 140 }, (_, index) =>
      toRows(`R${index}`, Date.UTC(2020, 5, 1, 7), 96),
    ).flat();
    const sizes = getParts(rows).map((part) => toOmarCsv(part, layout).length);
    expect(sizes.length).toBe(2);
    expect(Math.max(...sizes)).toBeLessThan(500_000);
    expect(maxOmarFileBytes).toBe(499_999);
  });

  it('gives a day that no part can hold as a value', () => {
    const rows = toRows('A', Date.UTC(2020, 5, 1, 7), 96);
    const bytes = toOmarCsv(rows, layout).length;
    expect(splitOmarRows(keep(rows), layout, bytes - 1)).toEqual({
      tooLarge: { resourceId: 'A', day: '2020-06-01', bytes },
    });
    expect(getParts(rows, bytes)).toHaveLength(1);
  });

  it('gives no part for no rows', () => {
    expect(splitOmarRows(new OmarRows(), layout)).toEqual({ parts: [] });
  });
});
