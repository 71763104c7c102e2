import type { Instant } from '../../../storage/model/time.ts';
import { type Column, toTable } from '../../table.ts';
import { listQualities, toCountText } from './count-text.ts';
import type { OneSeries, Series } from './one-series.ts';
import { wrapParts } from './wrap.ts';

/**
 * Series as a table, each row with a line or two below it.
 *
 * @param toTime an instant as the reader wants to see it
 */
export function toSeriesText(series: readonly OneSeries[], toTime: (at: Instant) => string): string {
  const shown = series.map((one) => one.toSeries());
  const isUsed = ({ isNeeded }: SeriesColumn) => isNeeded === undefined || shown.some(isNeeded);
  const table = toTable(shown, columns.filter(isUsed), 'No readings.');
  const [heading = '', ...rows] = table.trimEnd().split('\n');
  const lines = rows.map((row, index) => `${row}\n${toDetails(shown[index] as Series, toTime)}`);
  return `${heading}\n${lines.join('')}`;
}

interface SeriesColumn extends Column<Series> {
  /** Whether the row needs the column; one that no row needs is left out. Without it the column is always there. */
  readonly isNeeded?: (series: Series) => boolean;
}

const columns: readonly SeriesColumn[] = [
  { heading: 'METER', cell: meterOf },
  { heading: 'CHANNEL', cell: ({ channel }) => channel, isNeeded: ({ channel }) => channel !== '' },
  { heading: 'UNIT', cell: ({ unit }) => unit },
  { heading: 'VALUES', cell: toKindText },
  { heading: 'PURPOSE', cell: ({ purpose }) => purpose, isNeeded: ({ purpose }) => isSpecial(purpose) },
  { heading: 'READINGS', cell: ({ readings }) => toCountText(readings), isNumber: true },
  // Reads of a register add up to nothing that means anything.
  { heading: 'SUM', cell: ({ measure, sum }) => (measure === 'register' ? '' : (sum ?? '')), isNumber: true },
];

/** Whether it is worth saying what a set is for: ordinary data are `OK`. */
export function isSpecial(purpose: string): boolean {
  return purpose !== '' && purpose !== 'OK';
}

function meterOf({ meter, account }: Series): string {
  return account === '' ? meter : `${meter} ${account}`;
}

function toKindText({ measure, intervalMinutes }: Series): string {
  if (measure !== 'interval') return measure;
  return intervalMinutes === 0 ? 'interval' : `${intervalMinutes} min`;
}

function toDetails(series: Series, toTime: (at: Instant) => string): string {
  const { firstAt, first, lastAt, last, difference } = series;
  const parts: string[] = [];
  if (firstAt !== null && lastAt !== null) {
    parts.push(`first ${first} at ${toTime(firstAt)}`, `last ${last} at ${toTime(lastAt)}`);
  }
  if (difference !== null) parts.push(`difference ${difference}`);
  const qualities = listQualities(series).map(([quality, count]) => toCountText(count, quality, quality));
  return wrapParts([...parts, ...qualities], ',', '  ');
}
