import { findDecimal, toPlainText } from '../decimal.ts';

/** So many digits always read back to the same float32. */
const maxDigits = 9;

/**
 * The shortest decimal text that reads back to the same float32 (ruling 32), without exponent: `10.685218`, `0.1`.
 *
 * @param value a finite number that a float32 holds exactly
 */
export function toFloat32Text(value: number): string {
  for (let digits = 1; digits < maxDigits; digits++) {
    const nearest = value.toExponential(digits - 1);
    // At a power of two the gap to the next float is wider than to the one before, so the neighbour further from
    // zero may still read back where the nearest decimal does not.
    const found = [nearest, toNextAway(nearest)].find((text) => Math.fround(Number(text)) === value);
    if (found !== undefined) return toPlain(found);
  }
  return toPlain(value.toExponential(maxDigits - 1));
}

/** The decimal of as many digits one step further from zero. */
function toNextAway(text: string): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const digits = BigInt(mantissa.replace('.', ''));
  const places = mantissa.split('.')[1]?.length ?? 0;
  return `${digits < 0n ? digits - 1n : digits + 1n}e${Number(exponent) - places}`;
}

function toPlain(text: string): string {
  const decimal = findDecimal(text);
  if (decimal === undefined) throw new Error(`Cannot write a float32: ${text} is no decimal`);
  return toPlainText(decimal);
}
