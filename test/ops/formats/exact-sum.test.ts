import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum, toAmount, toFixed } from '../../../ops/commands/formats/exact-sum.ts';
import { findDecimal, toPlainText, toProduct, toSum } from '../../../storage/formats/decimal.ts';

const number = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.bigInt({ min: 0n, max: 10n ** 17n }),
    fc.integer({ min: 0, max: 8 }),
  )
  .map(([sign, digits, places]) => {
    const text = digits.toString().padStart(places + 1, '0');
    return `${sign}${text.slice(0, text.length - places)}${places === 0 ? '' : `.${text.slice(-places)}`}`;
  });

function get(text: string) {
  return findDecimal(text) ?? { digits: 0n, scale: 0 };
}

describe('toFixed', () => {
  it.each([
    ['0', 0],
    ['12.5', 1_250_000],
    ['-0.00001', -1],
    ['+3.10', 310_000],
    ['90071992547', 9_007_199_254_700_000],
  ])('reads %s', (text, fixed) => expect(toFixed(text)).toBe(fixed));

  it.each(['', '-', '.5', '5.', '1.2.3', '1e3', '1.000001', '90071992548', '1 ', '0x1'])(
    'leaves "%s" to those who read everything',
    (text) => expect(toFixed(text)).toBeNaN(),
  );

  it('never differs from the exact reading', () => {
    fc.assert(
      fc.property(number, (text) => {
        const fixed = toFixed(text);
        if (Number.isNaN(fixed)) return;
        expect(toPlainText({ digits: BigInt(fixed), scale: 5 })).toBe(toPlainText(get(text)));
      }),
    );
  });
});

describe('ExactSum', () => {
  it('is the sum that BigInt makes, whatever the values and their multipliers', () => {
    const multiplier = fc.constantFrom('1', '40', '0.001', '-2.5');
    fc.assert(
      fc.property(fc.array(fc.tuple(number, multiplier), { maxLength: 30 }), (terms) => {
        const sum = new ExactSum();
        for (const [value, by] of terms) sum.add(toAmount(value), by);
        const expected = terms
          .map(([value, by]) => toProduct(get(value), get(by)))
          .reduce(toSum, { digits: 0n, scale: 0 });
        expect(toPlainText(sum.toDecimal())).toBe(toPlainText(expected));
      }),
    );
  });

  it('stays exact where doubles are not', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 20; i++) sum.add(Number.MAX_SAFE_INTEGER, '1');
    expect(sum.toDecimal().digits).toBe(20n * BigInt(Number.MAX_SAFE_INTEGER));
  });
});
