import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkSizes, damage, expectSameInChunks, expectSound, fuzzed, toDamaged } from '../fuzz.ts';
import { scan, toBytes } from '../scan.ts';
import { cumulative, cumulativeHeader, header, toFile, toSet } from './build-x12.ts';

/** QTY as it may stand; the first ones are plain. */
const quantity = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('QD', 'QD', 'QD', 'KA'),
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 0, max: 5 }),
      )
      .map(([code, digits, places]) => `QTY*${code}*${(digits / 10 ** places).toFixed(places)}*KH`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'QTY*20*0*KH',
      'QTY*QD*.5*KH',
      'QTY*QD*0000000012*KH',
      'QTY*QD*123456789012345*KH',
      'QTY*QD*0.1234567*KH',
      'QTY*QD*12345678.1234567*KH',
      'QTY*QD*-0*KH',
    ),
  },
);

const interval = fc.record({
  meter: fc.constantFrom('M1', 'M2'),
  values: fc.array(quantity, { minLength: 1, maxLength: 60 }),
});

/** A file without error: quarter hours from a midnight of January on. */
const file = fc
  .record({
    sets: fc.array(
      fc.record({ loops: fc.array(interval, { minLength: 1, maxLength: 3 }), isCumulative: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    ),
    lineBreak: fc.constantFrom('', '\n', '\r\n'),
  })
  .map(({ sets, lineBreak }) => {
    const built = sets.map(({ loops, isCumulative }, index) => {
      const [bpt = '', ...parties] = isCumulative ? cumulativeHeader : header;
      const segments = loops.flatMap(({ meter, values }, at) => {
        const to = new Date(Date.UTC(2000, 0, 4 + at) + values.length * 900_000).toISOString();
        const end = to.replace(/[-T:]/g, '').slice(0, 12);
        const from = `2000010${4 + at}0000`;
        return [
          'PTD*PM***OZ*EL',
          `DTM*150****DT*${from}`,
          `DTM*151****DT*${end}`,
          `REF*MG*${meter}`,
          `REF*6W*${at}`,
          'REF*MT*KH015',
          ...values,
        ];
      });
      const own = bpt.replace('000001', `00000${index + 1}`);
      return toSet([own, ...parties, ...(isCumulative ? cumulative : segments)], `000${index + 1}`);
    });
    return toBytes(toFile({ sets: built, lineBreak }));
  });

const takes = (bytes: Uint8Array) => scan('x12-867', bytes, 'california');

describe('createUsageScanner, any file', () => {
  // In chunks of a few bytes nothing is taken by the fast lane: so this also holds its results against the general rules.
  it('gives the same for every way to cut the chunks', () => {
    fc.assert(
      fc.property(file, chunkSizes, (bytes, sizes) => {
        const whole = expectSameInChunks('x12-867', bytes, 'california', sizes);
        expect(whole.isRefused, JSON.stringify(whole.faults)).toBe(false);
      }),
      fuzzed(300),
    );
  });

  it('takes nothing from a set that was cut, wherever the file is cut', () => {
    const bytes = toBytes(toFile({ sets: [toSet([...cumulativeHeader, ...cumulative])] }));
    const whole = takes(bytes);
    expect(whole.sets).toHaveLength(6);
    const end = Buffer.from(bytes).indexOf('GE*1');
    for (let length = 0; length < bytes.length - 2; length++) {
      const cut = takes(bytes.subarray(0, length));
      expect(cut.isRefused, `cut at ${length}`).toBe(true);
      expect(cut.sets, `cut at ${length}`).toEqual(length < end - 1 ? [] : whole.sets);
    }
  });

  it('survives damage: a fault, an equal meaning or a legal other file, and sets that hold together', () => {
    fc.assert(
      fc.property(file, fc.array(damage, { minLength: 1, maxLength: 4 }), (bytes, places) => {
        const damaged = places.reduce(
          (some, place) => (some.length === 0 ? some : toDamaged(some, place)),
          bytes,
        );
        for (const { set, readings } of expectSound('x12-867', damaged, 'california').sets) {
          // Positional intervals: each ends after the one before, the last with its period.
          const ends = readings.map(({ endAt }) => endAt);
          expect(ends).toEqual(ends.toSorted((a, b) => a - b));
          expect(ends.at(-1)).toBe(set.periodEndAt);
        }
      }),
      fuzzed(1_500),
    );
  });

  it('survives bytes that are nothing at all, and what is almost an interchange', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.boolean(), (bytes, hasIsa) => {
        const start = hasIsa ? toBytes(toFile({ sets: [], trailer: [] })) : new Uint8Array();
        expect(takes(Buffer.concat([start, bytes])).isRefused).toBe(true);
      }),
      fuzzed(300),
    );
  });
});
