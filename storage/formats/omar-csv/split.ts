import { hourMs, type Instant, toWallClock } from '../../model/time.ts';
import { type OmarCsvLayout, type OmarRow, toHeaderLine } from './columns.ts';
import { createRowLines } from './row-lines.ts';

/** The ISO's limit is "less than 500 KB", read as 500,000 bytes. */
export const maxPartBytes = 499_999;
const tradeZone = 'America/Los_Angeles';
const lineEndBytes = 2;

/** A day of a resource that no part can hold. */
interface DayTooLarge {
  readonly resourceId: string;
  /** The trade day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly bytes: number;
}

export type Split = { readonly parts: OmarRow[][] } | { readonly tooLarge: DayTooLarge };

/**
 * Splits rows into parts that each fit into one upload, header included. A trade day of a resource is never torn: rows
 * are grouped by resource and day (both ascending, rows of a group in the order given) and parts filled greedily, so
 * the same rows always give the same parts.
 *
 * @param maxBytes most bytes of a part, as `toOmarCsv` writes it
 */
export function splitOmarRows(
  rows: readonly OmarRow[],
  layout: OmarCsvLayout,
  maxBytes = maxPartBytes,
): Split {
  const headerBytes = layout.hasHeader ? toHeaderLine(layout).length + lineEndBytes : 0;
  const toLine = createRowLines(layout);
  const parts: OmarRow[][] = [];
  let partBytes = Number.POSITIVE_INFINITY;
  for (const group of toGroups(rows)) {
    const bytes = group.rows.reduce((sum, row) => sum + toLine(row).length + lineEndBytes, 0);
    if (headerBytes + bytes > maxBytes) {
      return { tooLarge: { resourceId: group.resourceId, day: group.day, bytes: headerBytes + bytes } };
    }
    if (partBytes + bytes > maxBytes) {
      parts.push([]);
      partBytes = headerBytes;
    }
    // Pushed one by one: a spread of a large group would exceed the engine's limit of arguments.
    for (const row of group.rows) parts.at(-1)?.push(row);
    partBytes += bytes;
  }
  return { parts };
}

interface Group {
  readonly resourceId: string;
  readonly day: string;
  readonly rows: OmarRow[];
}

function toGroups(rows: readonly OmarRow[]): Group[] {
  const groups = new Map<string, Group>();
  const dayOf = toDayFinder();
  for (const row of rows) {
    const day = dayOf(row.endAt);
    const key = `${row.resourceId}\0${day}`;
    const group = groups.get(key) ?? { resourceId: row.resourceId, day, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Gives the trade day of an interval by its end; midnight belongs to the day it ends. */
function toDayFinder(): (endAt: Instant) => string {
  const days = new Map<number, string>();
  return (endAt) => {
    // The zone's offset changes only on full hours, so an hour's intervals share their day.
    const hour = Math.floor((endAt - 1) / hourMs);
    let day = days.get(hour);
    if (day === undefined) {
      const clock = toWallClock(hour * hourMs, tradeZone);
      day = `${clock.year}-${String(clock.month).padStart(2, '0')}-${String(clock.day).padStart(2, '0')}`;
      days.set(hour, day);
    }
    return day;
  };
}
