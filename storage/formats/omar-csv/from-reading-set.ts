import { type Direction, findUnitDirection } from '../../model/resource.ts';
import { type Instant, minuteMs } from '../../model/time.ts';
import { type Decimal, findDecimal, toFixedText, toProduct } from '../decimal.ts';
import type { Reading, ReadingSet } from '../format.ts';
import { omarIntervalMinutes } from './columns.ts';

/** What a meter and unit are at the ISO. */
export interface OmarMapping {
  readonly resourceId: string;
  readonly measurementType: string;
  /** Unit of the rows: that of {@link omarUnitOf}, or MWH for KWH. */
  readonly unit: string;
  /** What the rows count; the direction of the set's unit when left out. Against it the sign is turned. */
  readonly direction?: Direction;
}

/**
 * Reading units that can be carried, and as what. Received energy is a channel of its own (`GKWH`), whose direction
 * the mapping's measurement type names.
 */
export const omarUnitOf: Readonly<Record<string, string>> = {
  KWH: 'KWH',
  GKWH: 'KWH',
  KVARH: 'KVARH',
  GKVARH: 'KVARH',
  MWH: 'MWH',
  GMWH: 'MWH',
};

const places = 3;

/** Readings that could not be carried, by reason. */
interface NotCarried {
  /** Registers, and units other than the mapping's. */
  unit: number;
  /** Interval lengths that the ISO does not take, unknown ones and months included. */
  interval: number;
  raw: number;
  missing: number;
  negative: number;
  /** Ends that are not on a multiple of the interval. */
  boundary: number;
}

export interface Conversion {
  readonly carried: number;
  readonly notCarried: NotCarried;
  /** Carried with fewer digits than the quantity has. */
  readonly rounded: number;
  /** Carried without their flag "adjusted", which the target does not have. */
  readonly flagsDropped: number;
}

/**
 * A reading set as rows for OMAR. Quantity = value × multiplier, exact, then 3 places, half to even; everything the
 * target cannot carry is left out and counted (ruling 32). A set is carried whole or its loss is in the counts.
 *
 * @param mapping the ISO resource of the set's meter and unit
 * @param take gets each row: its end, value and whether it is estimated; what else it says are the mapping and the
 *   set's interval length. No object is made of it, because a file has millions
 */
export function fromReadingSet(
  set: ReadingSet,
  readings: readonly Reading[],
  mapping: OmarMapping,
  take: (endAt: Instant, value: string, isEstimated: boolean) => void,
): Conversion {
  const notCarried: NotCarried = { unit: 0, interval: 0, raw: 0, missing: 0, negative: 0, boundary: 0 };
  const conversion = { carried: 0, notCarried, rounded: 0, flagsDropped: 0 };
  const setReason = findSetReason(set, mapping);
  if (setReason !== undefined) {
    notCarried[setReason] = readings.length;
    return conversion;
  }
  const intervalMs = set.intervalMinutes * minuteMs;
  const factor = findFactor(set, mapping);
  let lastAt = 0;
  for (const { endAt, value, quality } of readings) {
    if (quality === 'raw' || quality === 'missing') {
      notCarried[quality]++;
      // Mostly an interval after the one before; a remainder is dear.
    } else if (endAt - lastAt !== intervalMs && endAt % intervalMs !== 0) {
      notCarried.boundary++;
    } else {
      lastAt = endAt;
      const quantity = toQuantity(value, factor);
      if (quantity === undefined) {
        notCarried.negative++;
        continue;
      }
      if (quantity.isRounded) conversion.rounded++;
      if (quality === 'adjusted') conversion.flagsDropped++;
      conversion.carried++;
      take(endAt, quantity.text, quality === 'estimated');
    }
  }
  return conversion;
}

/** Why nothing of the set can be carried; undefined when something can. */
function findSetReason(
  { unit, intervalMinutes }: ReadingSet,
  mapping: OmarMapping,
): 'unit' | 'interval' | undefined {
  const own = Object.hasOwn(omarUnitOf, unit) ? omarUnitOf[unit] : undefined;
  if (own !== mapping.unit && !(own === 'KWH' && mapping.unit === 'MWH')) return 'unit';
  return omarIntervalMinutes.includes(intervalMinutes) ? undefined : 'interval';
}

/** From the set's values to the mapping's quantities: multiplier, unit and direction; undefined when it is 1. */
function findFactor({ unit, multiplier }: ReadingSet, mapping: OmarMapping): Decimal | undefined {
  const isTurned = mapping.direction !== undefined && mapping.direction !== findUnitDirection(unit);
  const isThousandth = mapping.unit === 'MWH' && omarUnitOf[unit] === 'KWH';
  const isOne = /^\+?0*1(\.0+)?$/.test(multiplier);
  if (isOne && !isTurned && !isThousandth) return undefined;
  return toProduct(getDecimal(multiplier), { digits: isTurned ? -1n : 1n, scale: isThousandth ? 3 : 0 });
}

/** Value × factor with 3 places; undefined when it is negative. */
function toQuantity(
  value: string,
  factor: Decimal | undefined,
): { text: string; isRounded: boolean } | undefined {
  const plain = factor === undefined ? findThreePlaces(value) : undefined;
  if (plain !== undefined) return { text: plain, isRounded: false };
  const decimal = getDecimal(value);
  const quantity = factor === undefined ? decimal : toProduct(decimal, factor);
  return quantity.digits < 0n ? undefined : toFixedText(quantity, places);
}

/**
 * The same as {@link toFixedText} for a plain text of at most 16 characters and 3 places, without the cost of a big
 * number; undefined for any other.
 */
function findThreePlaces(value: string): string | undefined {
  const { length } = value;
  let point = length;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0x2e && point === length) point = i;
    else if (code < 0x30 || code > 0x39) return undefined;
  }
  const fraction = length - point - 1;
  if (point === 0 || length > 16 || fraction === 0 || fraction > places) return undefined;
  const text = point === length ? `${value}.000` : value.padEnd(point + 1 + places, '0');
  return point > 1 && text.startsWith('0') ? text.replace(/^0+(?=\d)/, '') : text;
}

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined)
    throw new Error(`Cannot convert a reading: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}
