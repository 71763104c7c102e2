/** An exact decimal: `digits` × 10^-`scale`, `scale` ≥ 0. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d+)(?:\.(\d+))?(?:[EeDd]([+-]?\d+))?$/;
/** Beyond it no double could hold the value either; it also bounds the work. */
const maxExponent = 400;

/** The decimal that `text` names (exponent letters E and D alike), or undefined when it names none. */
export function findDecimal(text: string): Decimal | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > maxExponent) return undefined;
  const magnitude = BigInt(whole + fraction);
  const digits = sign === '-' ? -magnitude : magnitude;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function toProduct(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

export function toSum(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const digits = a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale);
  return { digits, scale };
}

/** The decimal with exactly `places` places, half to even; `isRounded` when digits other than zero were lost. */
export function toFixedText(value: Decimal, places: number): { text: string; isRounded: boolean } {
  const isNegative = value.digits < 0n;
  const magnitude = isNegative ? -value.digits : value.digits;
  let scaled = magnitude;
  let rest = 0n;
  if (value.scale <= places) {
    scaled = magnitude * 10n ** BigInt(places - value.scale);
  } else {
    const divisor = 10n ** BigInt(value.scale - places);
    scaled = magnitude / divisor;
    rest = magnitude % divisor;
    const isUp = rest * 2n > divisor || (rest * 2n === divisor && scaled % 2n === 1n);
    if (isUp) scaled += 1n;
  }
  return { text: toText(scaled, places, isNegative), isRounded: rest !== 0n };
}

/** The decimal with no exponent and no zeros at its end: `12.5`, `0.004`, `-3`. */
export function toPlainText(value: Decimal): string {
  const isNegative = value.digits < 0n;
  let magnitude = isNegative ? -value.digits : value.digits;
  let { scale } = value;
  while (scale > 0 && magnitude % 10n === 0n) {
    magnitude /= 10n;
    scale--;
  }
  return toText(magnitude, scale, isNegative);
}

function toText(magnitude: bigint, scale: number, isNegative: boolean): string {
  const digits = magnitude.toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = isNegative && magnitude !== 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}

/** One text for each number, however it was written; what is no number stays as it is. */
export function toNumberText(text: string): string {
  const decimal = findDecimal(text);
  return decimal === undefined ? text : toPlainText(decimal);
}
