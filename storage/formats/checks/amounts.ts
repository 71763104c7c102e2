import { findDecimal } from '../decimal.ts';
import type { SetAmounts } from '../format.ts';

/** Amounts are whole numbers of 10^-5 of their unit: what every receiver of CMEP keeps. */
export const amountScale = 5;

/** Adds a set's amounts up, value by value. One object serves a file. */
export class AmountTally implements SetAmounts {
  #sum = 0;
  #isEmpty = true;
  first = Number.NaN;
  last = Number.NaN;

  clear(): void {
    this.#sum = 0;
    this.#isEmpty = true;
    this.first = Number.NaN;
    this.last = Number.NaN;
  }

  /** @param amount a value as a whole number of 10^-5, or NaN */
  add(amount: number): void {
    this.#sum += amount;
    if (this.#isEmpty) this.first = amount;
    this.#isEmpty = false;
    this.last = amount;
  }

  get sum(): number {
    return Number.isSafeInteger(this.#sum) ? this.#sum : Number.NaN;
  }
}

/** A value's decimal text as an amount; NaN where it cannot be one. */
export function toAmount(text: string): number {
  // Of so few characters the product is off by less than a half, so rounding gives it exactly.
  if (text.length <= 10 && /^\d+(\.\d{1,5})?$/.test(text))
    return Math.round(Number(text) * 10 ** amountScale);
  const decimal = findDecimal(text);
  if (decimal === undefined) return Number.NaN;
  const { digits, scale } = decimal;
  const divisor = scale > amountScale ? 10n ** BigInt(scale - amountScale) : 1n;
  if (digits % divisor !== 0n) return Number.NaN;
  const factor = scale < amountScale ? 10n ** BigInt(amountScale - scale) : 1n;
  const amount = Number((digits * factor) / divisor);
  return Number.isSafeInteger(amount) ? amount : Number.NaN;
}
