import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAmount } from '../../../../storage/formats/checks/amounts.ts';
import { findDecimal, toFixedText } from '../../../../storage/formats/decimal.ts';
import { fromReadingSet } from '../../../../storage/formats/omar-csv/from-reading-set.ts';
import { fuzzed } from '../fuzz.ts';
import { toGiven } from '../write.ts';

const mapping = { resourceId: 'PLANT_1', measurementType: 'GEN', unit: 'KWH' };
const { set } = toGiven(['1']);

describe('fromReadingSet, any value', () => {
  it('gives plain texts the same three places as exact arithmetic does, and the same amounts', () => {
    const digits = fc.stringMatching(/^\d{1,12}$/);
    const text = fc.tuple(digits, fc.stringMatching(/^(\.\d{1,5})?$/)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        const exact = findDecimal(value) ?? { digits: -1n, scale: 0 };
        const values: string[] = [];
        const { rounded } = fromReadingSet(
          set,
          [{ value, quality: 'validated', endAt: set.periodEndAt }],
          mapping,
          (_endAt, written) => values.push(written),
        );
        const { text: expected, isRounded } = toFixedText(exact, 3);
        expect([...values, rounded === 1]).toEqual([expected, isRounded]);
        const amount = Number(exact.digits * 10n ** BigInt(5 - exact.scale));
        expect(toAmount(value)).toBe(Number.isSafeInteger(amount) ? amount : Number.NaN);
      }),
      fuzzed(1_000),
    );
  });
});
