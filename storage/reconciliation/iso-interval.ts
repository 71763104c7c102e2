import type { ReadingSet } from '../formats/format.ts';
import { usualMeasurementTypes } from '../formats/omar-csv/columns.ts';
import { omarUnitOf } from '../formats/omar-csv/from-reading-set.ts';
import type { Instant } from '../model/time.ts';

/** What the ISO calls a run of intervals. */
export interface IsoSeries {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly isoUnit: string;
}

/** One interval as it was sent, or as the ISO holds it. */
export interface IsoReading {
  readonly endAt: Instant;
  /** Decimal text. */
  readonly value: string;
  readonly isEstimated: boolean;
}

export interface IsoInterval extends IsoSeries, IsoReading {}

/** What a set of OMAR-Online's own formats is there. MDEF has no measurement type: it follows from the unit. */
export function toIsoSeries(
  format: 'omar-csv' | 'mdef',
  { meter: resourceId, channel, unit }: Pick<ReadingSet, 'meter' | 'channel' | 'unit'>,
): IsoSeries {
  const measurementType = format === 'omar-csv' ? channel : (usualMeasurementTypes[unit] ?? '');
  return { resourceId, measurementType, isoUnit: omarUnitOf[unit] ?? unit };
}
