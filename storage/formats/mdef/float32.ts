import { findDecimal, toPlainText } from '../decimal.ts';

/** So many digits always read back to the same float32. */
const maxDigits = 9;

const powersOfTen = Array.from({ length: 10 }, (_, places) => 10 ** places);
const maxPlaces = powersOfTen.length - 1;
/** From here on float32 holds whole numbers only, not even all of them. */
const firstCoarse = 2 ** 24;

/**
 * Decimal places of the shortest decimal that reads back to the same float32, for the values that meters give: not
 * negative, below 2^24, and with at most 9 places. For these, fewest places are fewest digits, value × 10^places is
 * exact in a double, and the nearest decimal reads back if any does. -1 for all others.
 *
 * @param hint places of the value before: a channel's values mostly have the same
 */
export function findPlaces(value: number, hint: number): number {
  if (value >= firstCoarse) return -1;
  let places = Math.max(hint, 0);
  if (readsBack(value, places)) {
    while (places > 0 && readsBack(value, places - 1)) places--;
    return places;
  }
  while (++places <= maxPlaces) if (readsBack(value, places)) return places;
  return -1;
}

/** The whole number of 10^-places that is nearest; for what reads back. Ten times faster than `Math.round`. */
export function toWhole(value: number, places: number): number {
  return Math.floor(value * (powersOfTen[places] as number) + 0.5);
}

/** The double nearest to the shortest decimal that reads back to the same float32: `885.3` for 885.2999877929688. */
export function toShortest(value: number): number {
  const places = findPlaces(Math.abs(value), 3);
  if (places === -1) return Number(toFloat32Text(value));
  const shortest = toWhole(Math.abs(value), places) / (powersOfTen[places] as number);
  return value < 0 ? -shortest : shortest;
}

/**
 * The shortest decimal text that reads back to the same float32 (ruling 32), without exponent: `10.685218`, `0.1`.
 *
 * @param value a finite number that a float32 holds exactly
 */
export function toFloat32Text(value: number): string {
  const places = findPlaces(Math.abs(value), 3);
  if (places === -1) return toRareText(value);
  const digits = String(toWhole(Math.abs(value), places)).padStart(places + 1, '0');
  const whole = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, whole)}.${digits.slice(whole)}`;
  return value < 0 ? `-${text}` : text;
}

/** Half of the gap between neighbouring floats lies between value × `nearHalfGap` and value × `farHalfGap`. */
const nearHalfGap = 2 ** -25;
const farHalfGap = 2 ** -24;
/** From here on a double cannot hold a half. */
const firstInexact = 2 ** 52;

/**
 * Whether the nearest decimal of so many places reads back to the (not negative) value; the division decides only where
 * the distance does not.
 */
export function readsBack(value: number, places: number): boolean {
  const scaled = value * (powersOfTen[places] as number);
  const whole = Math.floor(scaled + 0.5);
  const distance = Math.abs(whole - scaled);
  if (distance > scaled * farHalfGap || scaled > firstInexact) return false;
  return distance < scaled * nearHalfGap || Math.fround(whole / (powersOfTen[places] as number)) === value;
}

function toRareText(value: number): string {
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
