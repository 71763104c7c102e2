import { minuteMs } from '../../model/time.ts';
import { type Decimal, findDecimal, toFixedText, toProduct } from '../decimal.ts';
import type { Reading, ReadingSet } from '../format.ts';
import { type OmarRow, omarIntervalMinutes } from './columns.ts';

/** What a meter and unit are at the ISO. */
export interface OmarMapping {
  readonly resourceId: string;
  readonly measurementType: string;
  /** Unit of the rows, from {@link omarUnitOf}. */
  readonly unit: string;
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
  readonly rows: OmarRow[];
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
 */
export function fromReadingSet(
  set: ReadingSet,
  readings: readonly Reading[],
  mapping: OmarMapping,
): Conversion {
  const notCarried: NotCarried = { unit: 0, interval: 0, raw: 0, missing: 0, negative: 0, boundary: 0 };
  const rows: OmarRow[] = [];
  const conversion = { rows, notCarried, rounded: 0, flagsDropped: 0 };
  const setReason = findSetReason(set, mapping);
  if (setReason !== undefined) {
    notCarried[setReason] = readings.length;
    return conversion;
  }
  const { resourceId, measurementType, unit } = mapping;
  const { intervalMinutes, multiplier } = set;
  for (const { endAt, value, quality } of readings) {
    if (quality === 'raw' || quality === 'missing') {
      notCarried[quality]++;
    } else if (endAt % (intervalMinutes * minuteMs) !== 0) {
      notCarried.boundary++;
    } else {
      const quantity = toQuantity(value, multiplier);
      if (quantity === undefined) {
        notCarried.negative++;
        continue;
      }
      if (quantity.isRounded) conversion.rounded++;
      if (quality === 'adjusted') conversion.flagsDropped++;
      const isEstimated = quality === 'estimated';
      rows.push({
        resourceId,
        measurementType,
        unit,
        intervalMinutes,
        endAt,
        value: quantity.text,
        isEstimated,
      });
    }
  }
  return conversion;
}

/** Why nothing of the set can be carried; undefined when something can. */
function findSetReason(
  { unit, intervalMinutes }: ReadingSet,
  mapping: OmarMapping,
): 'unit' | 'interval' | undefined {
  if (!Object.hasOwn(omarUnitOf, unit) || omarUnitOf[unit] !== mapping.unit) return 'unit';
  return omarIntervalMinutes.includes(intervalMinutes) ? undefined : 'interval';
}

/** Value × multiplier with 3 places; undefined when it is negative. */
function toQuantity(value: string, multiplier: string): { text: string; isRounded: boolean } | undefined {
  const isPlain = multiplier === '1' && value.length <= 16 && /^\d+(\.\d{1,3})?$/.test(value);
  if (isPlain) return { text: toThreePlaces(value), isRounded: false };
  const quantity = toProduct(getDecimal(value), getDecimal(multiplier));
  return quantity.digits < 0n ? undefined : toFixedText(quantity, places);
}

/** The same as {@link toFixedText} for a plain text of at most 3 places, without the cost of a big number. */
function toThreePlaces(value: string): string {
  const point = value.indexOf('.');
  const text = point === -1 ? `${value}.000` : value.padEnd(point + 1 + places, '0');
  return text[0] === '0' ? text.replace(/^0+(?=\d)/, '') : text;
}

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined)
    throw new Error(`Cannot convert a reading: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}
