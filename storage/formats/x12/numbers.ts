/** Digits that a number of X12 has at most; every one of them is exact in a double. */
export const maxDigits = 15;
const places = 5;
const minus = 0x2d;
const point = 0x2e;

/**
 * A decimal of X12: an optional minus, digits, an optional point with digits behind it; at most 15 digits. Senders may
 * leave out a zero before the point: it is put back, so that the text is a number for everybody. Undefined when it is
 * none.
 */
export function findNumber(text: string): string | undefined {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  let pointAt = -1;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === point && pointAt === -1) pointAt = i;
    else if (code < 0x30 || code > 0x39) return undefined;
  }
  const digits = text.length - start - (pointAt === -1 ? 0 : 1);
  if (digits === 0 || digits > maxDigits || pointAt === text.length - 1) return undefined;
  return pointAt === start ? `${text.slice(0, start)}0${text.slice(start)}` : text;
}

export const numberMessage = `Expected a decimal number of at most ${maxDigits} digits, such as 12.5.`;

/** A number of X12 as a whole number of 10^-5; NaN where it has more decimals or is too large to be exact. */
export function toAmount(text: string): number {
  const isNegative = text.charCodeAt(0) === minus;
  let amount = 0;
  let decimals = -1;
  for (let i = isNegative ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === point) {
      decimals = 0;
    } else if (decimals < places) {
      amount = amount * 10 + (code - 0x30);
      if (decimals >= 0) decimals++;
    } else if (code !== 0x30) {
      return Number.NaN;
    }
  }
  for (let i = Math.max(decimals, 0); i < places; i++) amount *= 10;
  if (amount > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return isNegative ? -amount : amount;
}
