import { findDecimal, toPlainText } from '../../decimal.ts';

const maxCharacters = 16;
const maxWholeDigits = 10;
const maxFractionDigits = 5;
const maxExponent = 290;
/** Signs, digits and the point come before it. */
const firstLetter = 0x41;

/**
 * A floating-point field (CMEP facts, section 3): `[+-]digits[.digits][E[+-]digits]`, exponent letter `E e D d`, 1 to
 * 16 characters. Gives its value as a double, good for comparing only; NaN when it is no number or not finite.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > maxCharacters || end === start) return Number.NaN;
  const sign = bytes[start] as number;
  const isNegative = sign === 0x2d;
  let at = isNegative || sign === 0x2b ? start + 1 : start;
  const wholeStart = at;
  let digits = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    digits = digits * 10 + digit;
  }
  if (at === wholeStart) return Number.NaN;
  let divisor = 1;
  if (at < end && bytes[at] === 0x2e) {
    const fractionStart = ++at;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
      divisor *= 10;
    }
    if (at === fractionStart) return Number.NaN;
  }
  const value = (isNegative ? -digits : digits) / divisor;
  return at === end ? value : value * readPower(bytes, at, end);
}

/** Ten to the power of an exponent part; NaN when it is none, or beyond what any double holds with 16 digits. */
function readPower(bytes: Uint8Array, start: number, end: number): number {
  const text = String.fromCharCode(...bytes.subarray(start, end));
  if (!/^[EeDd][+-]?\d+$/.test(text)) return Number.NaN;
  const exponent = Number(text.slice(1));
  return Math.abs(exponent) <= maxExponent ? 10 ** exponent : Number.NaN;
}

/** Whether the number has more digits than every receiver keeps: 10 before, 5 after the point. */
export function isImprecise(bytes: Uint8Array, start: number, end: number): boolean {
  let point = end;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= firstLetter) return isTooLong(toPlain(bytes, start, end));
    if (byte === 0x2e) point = at;
  }
  // A sign or zeros before may still make it short enough.
  const isLong = point - start > maxWholeDigits || end - point - 1 > maxFractionDigits;
  return isLong && isTooLong(String.fromCharCode(...bytes.subarray(start, end)));
}

function isTooLong(text: string): boolean {
  const [, whole = '', fraction = ''] = /^[+-]?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  return whole.length > maxWholeDigits || fraction.length > maxFractionDigits;
}

/** The number without its exponent. */
function toPlain(bytes: Uint8Array, start: number, end: number): string {
  const text = String.fromCharCode(...bytes.subarray(start, end));
  const decimal = findDecimal(text.replace(/^([+-]?)\./, '$10.'));
  return decimal === undefined ? '' : toPlainText(decimal);
}

/** An integer field: decimal with an optional sign, or hexadecimal after `H`; at most 16 characters; else NaN. */
export function toInteger(text: string): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  return /^H[0-9A-Fa-f]{1,15}$/.test(text) ? Number.parseInt(text.slice(1), 16) : Number.NaN;
}
