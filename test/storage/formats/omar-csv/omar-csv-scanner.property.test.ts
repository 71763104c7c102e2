import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getOmarCsvLayout, type OmarRow } from '../../../../storage/formats/omar-csv/columns.ts';
import { toOmarCsv } from '../../../../storage/formats/omar-csv/to-omar-csv.ts';
import { fuzzed } from '../fuzz.ts';
import { type Scanned, scan, scanChunks, toChunks } from '../scan.ts';

const names = fc.constantFrom('gmt', 'pacific-standard');
const rows: fc.Arbitrary<OmarRow[]> = fc.array(
  fc.record({
    resourceId: fc.constantFrom('A_1', 'B-2'),
    measurementType: fc.constantFrom('GEN', 'LOAD', 'CBL'),
    unit: fc.constantFrom('KWH', 'KVARH', 'MWH'),
    intervalMinutes: fc.constantFrom(5, 15, 60),
    endAt: fc.integer({ min: 200_000, max: 480_000 }).map((hour) => hour * 3_600_000),
    value: fc.nat(10_000_000).map((value) => (value / 1000).toFixed(3)),
    isEstimated: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const file = fc
  .tuple(rows, names)
  .map(([list, name]) => ({ bytes: toOmarCsv(list, getOmarCsvLayout(name)), name }));

/** What holds of any scan, whatever the bytes were. */
function checkWhole({ sets, summary, faults, isRefused }: Scanned): void {
  expect(summary.readingSets).toBe(sets.length);
  expect(isRefused).toBe(faults.some(({ level }) => level === 'error'));
  for (const { set, readings } of sets) {
    expect(readings).toHaveLength(set.readings);
    for (const { value, endAt } of readings) {
      expect(value).toMatch(/^\d+(\.\d+)?$/);
      expect(endAt > set.periodStartAt && endAt <= set.periodEndAt).toBe(true);
    }
  }
}

/** Each reading as one line of text. */
function toMeaning({ sets }: Scanned): string[] {
  return sets.flatMap(({ set, readings }) =>
    readings.map((reading) =>
      JSON.stringify([set.meter, set.unit, set.channel, set.intervalMinutes, reading]),
    ),
  );
}

describe('createOmarCsvScanner, any file', () => {
  it('gives the same for every way to cut the chunks', () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        ({ bytes, name }, sizes) => {
          const whole = scan('omar-csv', bytes, name);
          expect(whole.isRefused).toBe(false);
          checkWhole(whole);
          expect(scanChunks('omar-csv', toChunks(bytes, sizes), { profile: name })).toEqual(whole);
        },
      ),
      fuzzed(200),
    );
  });

  it('survives bytes flipped: a fault, the same meaning or a legal other file', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(file, damage, ({ bytes, name }, places) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of places) damaged[at % damaged.length] = value;
        const after = scan('omar-csv', damaged, name);
        checkWhole(after);
        if (!after.isRefused) {
          expect(after.summary.readings).toBe(scan('omar-csv', bytes, name).summary.readings);
        }
      }),
      fuzzed(500),
    );
  });

  it('makes no value up where bytes are cut out', () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.integer({ min: 1, max: 200 }), ({ bytes, name }, place, length) => {
        const at = place % bytes.length;
        const damaged = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        const after = scan('omar-csv', damaged, name);
        checkWhole(after);
        // One row at most is new: the one that two cut rows were joined to, which is a legal other row.
        const before = toMeaning(scan('omar-csv', bytes, name));
        const unknown = toMeaning(after).filter((one) => !before.includes(one));
        expect(unknown.length).toBeLessThanOrEqual(1);
        expect(after.summary.readings).toBeLessThanOrEqual(before.length);
      }),
      fuzzed(500),
    );
  });

  it('survives text put in, and bytes that are nothing at all', () => {
    fc.assert(
      fc.property(
        file,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        ({ bytes, name }, place, more) => {
          const at = place % bytes.length;
          checkWhole(
            scan('omar-csv', Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]), name),
          );
          expect(scan('omar-csv', more, name).isRefused).toBe(true);
        },
      ),
      fuzzed(300),
    );
  });
});
