import { toNumberText } from '../decimal.ts';
import type { MeterDataFormat, MeterDataRow, MeterReading } from './meter-data-format.ts';
import { type IsoRow, toIsoRow } from './to-iso-row.ts';
import { toSeriesKey } from './writer.ts';

/** How what was sent stands to what the ISO holds. Rows are in the ISO's terms. */
export interface Comparison {
  /** How many intervals the ISO holds exactly as they were sent. */
  readonly same: number;
  /** Intervals of which the ISO holds nothing. */
  readonly missing: readonly IsoRow[];
  /** Intervals of which it holds something else. */
  readonly different: readonly { readonly sent: IsoRow; readonly held: readonly MeterReading[] }[];
}

/**
 * Compares rows with what was retrieved for their period. An interval is the same by resource, measurement type, unit,
 * interval length and end; its value as a number (`0.00125` is `0.001250`) and whether it is estimated must agree. What
 * the ISO holds of other intervals is not looked at.
 *
 * @throws `invalid-request` as `toIsoRow` does
 */
export function compareMeterData(
  sent: readonly MeterDataRow[],
  held: readonly MeterReading[],
  format: MeterDataFormat,
): Comparison {
  const heldByInterval = Map.groupBy(held, toIntervalKey);
  const missing: IsoRow[] = [];
  const different: { sent: IsoRow; held: readonly MeterReading[] }[] = [];
  let same = 0;
  for (const row of sent) {
    const isoRow = toIsoRow(row, format);
    const found = heldByInterval.get(toIntervalKey(isoRow)) ?? [];
    if (found.length === 0) missing.push(isoRow);
    else if (found.every((one) => isSame(one, isoRow))) same += 1;
    else different.push({ sent: isoRow, held: found });
  }
  return { same, missing, different };
}

function toIntervalKey(row: MeterDataRow): string {
  return `${toSeriesKey(row)}\0${row.endAt}`;
}

function isSame(held: MeterReading, sent: IsoRow): boolean {
  return held.isEstimated === sent.isEstimated && toNumberText(held.value) === toNumberText(sent.value);
}
