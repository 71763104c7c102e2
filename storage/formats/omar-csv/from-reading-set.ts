import { type Direction, findUnitDirection } from '../../model/resource.ts';
import { type Decimal, findDecimal, toFixedText, toProduct } from '../decimal.ts';
import type { Reading, ReadingSet } from '../format.ts';
import { type OmarRow, omarIntervalMinutes } from './columns.ts';

/** What a meter and unit are at the ISO. */
export interface OmarMapping {
  readonly resourceId: string;
  readonly measurementType: string;
  /** Unit of the rows: KWH or KVARH as the set's, or MWH for KWH. */
  readonly unit: string;
  /** What the rows count; the direction of the set's unit when left out. Against it the sign is turned. */
  readonly direction?: Direction;
}

/**
 * Reading units that can be carried, and as what. Received energy is a channel of its own (`GKWH`), whose direction
 * the mapping's measurement type names.
 */
const omarUnitOf: Readonly<Record<string, string>> = {
  KWH: 'KWH',
  GKWH: 'KWH',
  KVARH: 'KVARH',
  GKVARH: 'KVARH',
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
  let rounded = 0;
  let flagsDropped = 0;
  const factor = toProduct(getDecimal(set.multiplier), toUnitFactor(set, mapping));
  const { resourceId, measurementType, unit } = mapping;
  for (const reading of readings) {
    const reason = findReason(set, reading, mapping);
    if (reason !== undefined) {
      notCarried[reason]++;
      continue;
    }
    const quantity = toProduct(getDecimal(reading.value), factor);
    if (quantity.digits < 0n) {
      notCarried.negative++;
      continue;
    }
    const { text, isRounded } = toFixedText(quantity, places);
    if (isRounded) rounded++;
    if (reading.quality === 'adjusted') flagsDropped++;
    rows.push({
      resourceId,
      measurementType,
      unit,
      intervalMinutes: set.intervalMinutes,
      endAt: reading.endAt,
      value: text,
      isEstimated: reading.quality === 'estimated',
    });
  }
  return { rows, notCarried, rounded, flagsDropped };
}

/** Why the reading cannot be carried, its sign aside; undefined when it can. */
function findReason(set: ReadingSet, reading: Reading, mapping: OmarMapping): keyof NotCarried | undefined {
  const unit = Object.hasOwn(omarUnitOf, set.unit) ? omarUnitOf[set.unit] : undefined;
  if (unit !== mapping.unit && !(unit === 'KWH' && mapping.unit === 'MWH')) return 'unit';
  if (!omarIntervalMinutes.includes(set.intervalMinutes)) return 'interval';
  if (reading.quality === 'raw' || reading.quality === 'missing') return reading.quality;
  return reading.endAt % (set.intervalMinutes * 60_000) === 0 ? undefined : 'boundary';
}

/** From the set's unit and direction to the mapping's. */
function toUnitFactor({ unit }: ReadingSet, { unit: isoUnit, direction }: OmarMapping): Decimal {
  const isTurned = direction !== undefined && direction !== findUnitDirection(unit);
  return { digits: isTurned ? -1n : 1n, scale: isoUnit === 'MWH' ? 3 : 0 };
}

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined)
    throw new Error(`Cannot convert a reading: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}
