import { findDecimal, toFixedText, toPlainText } from '../../decimal.ts';
import { findNumber, maxDigits } from '../numbers.ts';

/**
 * A value as X12 takes it: the text itself where it is a number of X12, else the same number plainly written, rounded
 * half to even where it has more than 15 digits. Undefined when it has more than 15 before the point.
 */
export function toNumberText(value: string): { text: string; isRounded: boolean } | undefined {
  if (findNumber(value) === value) return { text: value, isRounded: false };
  const decimal = findDecimal(value);
  if (decimal === undefined) throw new Error(`Cannot write X12: ${JSON.stringify(value)} is no decimal`);
  const plain = toPlainText(decimal);
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
  if (whole.length > maxDigits) return undefined;
  if (whole.length + fraction.length <= maxDigits) return { text: plain, isRounded: false };
  const { text } = toFixedText(decimal, maxDigits - whole.length);
  const rounded = findDecimal(text);
  const short = rounded === undefined ? text : toPlainText(rounded);
  // Rounding up may have made one digit more before the point.
  return findNumber(short) === undefined ? undefined : { text: short, isRounded: true };
}
