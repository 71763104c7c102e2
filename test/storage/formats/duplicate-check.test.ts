import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DuplicateCheck, maxSeriesStamps } from '../../../storage/formats/duplicate-check.ts';

describe('DuplicateCheck', () => {
  it('is exact while records of a series follow each other, in any order of time', () => {
    const blocks = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 8 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(blocks, (plan) => {
        const check = new DuplicateCheck();
        const seen = new Set<number>();
        for (const [start, count] of plan) {
          const stamps = Array.from({ length: count }, (_, index) => start + index);
          const expected = stamps.find((stamp) => seen.has(stamp));
          const found = check.find('a', 'b', 'c', 'd', stamps, count);
          expect(found).toEqual(expected === undefined ? undefined : { stamp: expected, isExact: true });
          for (const stamp of stamps) seen.add(stamp);
        }
      }),
    );
  });

  it('remembers the period of a series that was left', () => {
    const check = new DuplicateCheck();
    check.find('a', '', '', '', [10, 20], 2);
    check.find('b', '', '', '', [10, 20], 2);
    expect(check.find('a', '', '', '', [21, 22], 2)).toBeUndefined();
    check.find('b', '', '', '', [30], 1);
    expect(check.find('a', '', '', '', [15], 1)).toEqual({ stamp: 15, isExact: false });
    expect(check.find('a', '', '', '', [15], 1)).toEqual({ stamp: 15, isExact: true });
    expect(check.isCapped).toBe(false);
  });

  it('says when a series has more stamps than it keeps', () => {
    const check = new DuplicateCheck();
    for (let stamp = 0; stamp < maxSeriesStamps; stamp++) check.find('a', '', '', '', [stamp], 1);
    expect(check.isCapped).toBe(false);
    check.find('a', '', '', '', [maxSeriesStamps], 1);
    expect(check.isCapped).toBe(true);
  });
});
