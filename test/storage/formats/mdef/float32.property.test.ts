import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat32Text } from '../../../../storage/formats/mdef/float32.ts';
import { fuzzed } from '../fuzz.ts';

/** The fewest digits of a decimal that reads back, found by trying both neighbours of every length. */
function findFewestDigits(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const [mantissa = '', exponent = '0'] = Math.abs(value)
      .toExponential(digits - 1)
      .split('e');
    const whole = Number(mantissa.replace('.', ''));
    for (const near of [whole - 1, whole, whole + 1]) {
      const text = `${near}e${Number(exponent) - digits + 1}`;
      if (Math.fround(Number(text)) === Math.abs(value)) return String(near).replace(/0+$/, '').length;
    }
  }
  return 9;
}

describe('toFloat32Text, any value', () => {
  it('reads back, and no shorter decimal does', () => {
    const floats = fc.float({ noNaN: true, noDefaultInfinity: true });
    const powers = fc.integer({ min: -126, max: 127 }).map((power) => 2 ** power);
    fc.assert(
      fc.property(fc.oneof(floats, powers), (value) => {
        const text = toFloat32Text(value);
        expect(Math.fround(Number(text)) === value).toBe(true);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        const digits = text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
        expect(digits).toBeLessThanOrEqual(Math.max(findFewestDigits(value), 0));
      }),
      fuzzed(2_000),
    );
  });
});
