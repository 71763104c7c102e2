import { findDecimal, toPlainText, toProduct } from '../decimal.ts';
import { toFloat32Text, toShortest } from './float32.ts';

/**
 * A quantity as a float32: infinite when it is too large, rounded when it reads back as another decimal (ruling 32).
 */
export interface FloatQuantity {
  readonly value: number;
  readonly isRounded: boolean;
}

/** @param value a reading's decimal text; @param multiplier its set's, as decimal text */
export function toFloat(value: string, multiplier: string): FloatQuantity {
  const text = multiplier === '1' && isShort(value) ? value : toQuantity(value, multiplier);
  const float = Math.fround(Number(text));
  if (!Number.isFinite(float)) return { value: float, isRounded: false };
  const isSame = isShort(text) ? toShortest(float) === Number(text) : toFloat32Text(float) === text;
  return { value: float, isRounded: !isSame };
}

/** Whether the text is plain and of so few digits that a double tells it from every other such text. */
function isShort(text: string): boolean {
  return text.length <= 15 && /^-?\d+(\.\d+)?$/.test(text);
}

/** The exact product in its shortest form, which is also that of a float's text. */
function toQuantity(value: string, multiplier: string): string {
  const [a, b] = [findDecimal(value), findDecimal(multiplier)];
  if (a === undefined || b === undefined) {
    const found = `${JSON.stringify(value)} × ${JSON.stringify(multiplier)}`;
    throw new Error(`Cannot write MDEF: ${found} is no number`);
  }
  return toPlainText(toProduct(a, b));
}
