import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Decimal,
  findDecimal,
  toFixedText,
  toPlainText,
  toProduct,
  toSum,
} from '../../../storage/formats/decimal.ts';

function get(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined) throw new Error(`${text} is no decimal`);
  return decimal;
}

describe('findDecimal', () => {
  it.each([
    ['12.50', '12.5'],
    ['-0.004', '-0.004'],
    ['+3', '3'],
    ['1.5D3', '1500'],
    ['15e-4', '0.0015'],
    ['-0', '0'],
  ])('reads %s as %s', (text, plain) => expect(toPlainText(get(text))).toBe(plain));

  it.each(['', '.', '1.', '.5', 'x', '1e999999999', '0x10', ' 1'])('refuses "%s"', (text) => {
    expect(findDecimal(text)).toBeUndefined();
  });
});

describe('toFixedText', () => {
  it.each([
    ['0.0005', '0.000', true],
    ['0.0015', '0.002', true],
    ['0.0025', '0.002', true],
    ['0.00251', '0.003', true],
    ['-1.2345', '-1.234', true],
    ['1.5', '1.500', false],
    ['1.5000', '1.500', false],
    ['-0.0001', '0.000', true],
    ['99.9995', '100.000', true],
  ])('%s with 3 places is %s', (text, fixed, isRounded) => {
    expect(toFixedText(get(text), 3)).toEqual({ text: fixed, isRounded });
  });
});

describe('toProduct and toSum', () => {
  it('are exact where doubles are not', () => {
    expect(toPlainText(toProduct(get('0.1'), get('0.3')))).toBe('0.03');
    expect(toPlainText(toSum(get('0.1'), get('0.2')))).toBe('0.3');
  });

  it('agree with integers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat(6), (a, b, scale) => {
        const product = toProduct({ digits: BigInt(a), scale }, { digits: BigInt(b), scale });
        expect(product).toEqual({ digits: BigInt(a) * BigInt(b), scale: 2 * scale });
        expect(toSum({ digits: BigInt(a), scale }, { digits: BigInt(b), scale }).digits).toBe(
          BigInt(a) + BigInt(b),
        );
      }),
    );
  });
});
