/** Digits that a number of X12 has at most; every one of them is exact in a double. */
export const maxDigits = 15;
const pattern = /^-?(\d+(?:\.\d+)?|\.\d+)$/;
const places = 5;

/**
 * A decimal of X12: an optional minus, digits, an optional point; at most 15 digits. Senders may leave out a zero before
 * the point: it is put back, so that the text is a number for everybody. Undefined when it is none.
 */
export function findNumber(text: string): string | undefined {
  if (!pattern.test(text)) return undefined;
  const digits = text.length - (text.includes('.') ? 1 : 0) - (text.startsWith('-') ? 1 : 0);
  if (digits > maxDigits) return undefined;
  return text.replace(/^(-?)\./, '$10.');
}

export const numberMessage = `Expected a decimal number of at most ${maxDigits} digits, such as 12.5.`;

/** The number as a whole number of 10^-5; NaN where it has more decimals or is too large to be exact. */
export function toAmount(text: string): number {
  const point = text.indexOf('.');
  const fraction = point === -1 ? '' : text.slice(point + 1).replace(/0+$/, '');
  if (fraction.length > places) return Number.NaN;
  const whole = point === -1 ? text : text.slice(0, point);
  const amount = Number(whole + fraction.padEnd(places, '0'));
  return Number.isSafeInteger(amount) ? amount : Number.NaN;
}
