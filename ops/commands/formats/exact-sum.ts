import { type Decimal, findDecimal, toProduct, toSum } from '../../../storage/formats/decimal.ts';

/**
 * A value before its multiplier: whole 10^-5 as a safe integer, or decimal text where that cannot hold it exactly.
 */
export type Amount = number | string;

const places = 5;
const zero: Decimal = { digits: 0n, scale: 0 };

/**
 * The decimal text as whole 10^-5, read without BigInt; NaN when it is no plain decimal with at most five places, or
 * longer than what a double holds exactly.
 */
export function toFixed(text: string): number {
  const { length } = text;
  const sign = text.charCodeAt(0);
  const start = sign === 0x2d || sign === 0x2b ? 1 : 0;
  if (length - start > 15 || length === start) return Number.NaN;
  let digits = 0;
  let missingPlaces = places;
  let isFraction = false;
  for (let at = start; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      if (isFraction) missingPlaces--;
    } else if (digit === -2 && !isFraction && at > start && at < length - 1) isFraction = true;
    else return Number.NaN;
  }
  if (missingPlaces < 0) return Number.NaN;
  const fixed = digits * 10 ** missingPlaces;
  if (!Number.isSafeInteger(fixed)) return Number.NaN;
  return sign === 0x2d ? -fixed : fixed;
}

/** The amount that decimal text names. */
export function toAmount(text: string): Amount {
  const fixed = toFixed(text);
  return Number.isNaN(fixed) ? text : fixed;
}

/** Amount × multiplier, exact. */
export function toQuantity(amount: Amount, multiplier: string): Decimal {
  const value = typeof amount === 'number' ? { digits: BigInt(amount), scale: places } : getDecimal(amount);
  return multiplier === '1' ? value : toProduct(value, getDecimal(multiplier));
}

/** Adds up amounts × multiplier, exactly; without BigInt as long as the multiplier stays and doubles can hold it. */
export class ExactSum {
  #fixed = 0;
  #multiplier = '1';
  #rest = zero;

  add(amount: Amount, multiplier: string): void {
    const next = typeof amount === 'number' ? this.#fixed + amount : Number.NaN;
    if (multiplier === this.#multiplier && Number.isSafeInteger(next)) {
      this.#fixed = next;
      return;
    }
    this.#rest = toSum(this.toDecimal(), toQuantity(amount, multiplier));
    this.#fixed = 0;
    this.#multiplier = multiplier;
  }

  toDecimal(): Decimal {
    return toSum(this.#rest, toQuantity(this.#fixed, this.#multiplier));
  }
}

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined) throw new Error(`Cannot add up: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}
