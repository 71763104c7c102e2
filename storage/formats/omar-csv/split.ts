import type { TradeDay } from '../../model/trade-day.ts';
import type { OmarCsvLayout } from './columns.ts';
import { type DayRun, eachRow, type OmarRows, toValueBytes } from './omar-rows.ts';
import { RowBytes } from './row-bytes.ts';

/** "Less than 500 KB" (submission specification of OMAR-Online, 3.2.2), in its smaller reading. */
export const maxOmarFileBytes = 499_999;

/** A day of a resource that no part can hold. */
interface DayTooLarge {
  readonly resourceId: string;
  readonly day: TradeDay;
  readonly bytes: number;
}

/** What one upload takes: its runs in order, and how large it is as a file, header included. */
export interface OmarPart {
  readonly runs: readonly DayRun[];
  readonly rows: number;
  readonly bytes: number;
}

export type Split = { readonly parts: OmarPart[] } | { readonly tooLarge: DayTooLarge };

/**
 * Splits rows into parts that each fit into one upload, header included. A trade day of a resource is never torn: rows
 * are grouped by resource and day (both ascending, rows of a group in the order given) and parts filled greedily, so
 * the same rows always give the same parts.
 *
 * @param maxBytes most bytes of a part, as {@link createPartWriter} writes it
 */
export function splitOmarRows(rows: OmarRows, layout: OmarCsvLayout, maxBytes = maxOmarFileBytes): Split {
  const measure = new RowBytes(layout, 1_024);
  measure.addHeader();
  const headerBytes = measure.length;
  const toBytes = (group: readonly DayRun[]) => group.reduce((sum, run) => sum + toRunBytes(run, measure), 0);
  const parts: (OmarPart & { runs: DayRun[]; rows: number; bytes: number })[] = [];
  for (const group of toGroups(rows.runs)) {
    const bytes = toBytes(group);
    if (headerBytes + bytes > maxBytes) {
      const { series, day } = group[0] as DayRun;
      return { tooLarge: { resourceId: series.resourceId, day, bytes: headerBytes + bytes } };
    }
    let part = parts.at(-1);
    if (part === undefined || part.bytes + bytes > maxBytes) {
      part = { runs: [], rows: 0, bytes: headerBytes };
      parts.push(part);
    }
    for (const run of group) {
      part.runs.push(run);
      part.rows += run.rows;
    }
    part.bytes += bytes;
  }
  return { parts };
}

/**
 * Writes parts as files of the layout. All are written in the same room, because the kernel clears new pages at a cost
 * greater than that of the writing.
 *
 * @returns a function whose answer is good until the next call
 */
export function createPartWriter(layout: OmarCsvLayout): (part: OmarPart) => Uint8Array {
  const file = new RowBytes(layout, maxOmarFileBytes);
  return ({ runs }) => {
    file.clear();
    file.addHeader();
    for (const run of runs) {
      file.begin(run.series);
      eachRow(run, (endAt, start, end, isEstimated) => file.add(endAt, run.page, start, end, isEstimated));
    }
    return file.bytes;
  };
}

function toRunBytes(run: DayRun, measure: RowBytes): number {
  measure.begin(run.series);
  return measure.sizeOf(run.rows, toValueBytes(run), run.estimated);
}

/** The runs of each resource and trade day, in the order of both. */
function* toGroups(runs: readonly DayRun[]): Generator<DayRun[]> {
  let group: DayRun[] = [];
  for (const run of runs.toSorted(compare)) {
    const [first] = group;
    if (first !== undefined && compare(first, run) !== 0) {
      yield group;
      group = [];
    }
    group.push(run);
  }
  if (group.length > 0) yield group;
}

function compare(a: DayRun, b: DayRun): number {
  const isOne = a.series === b.series;
  return (isOne ? 0 : compareTexts(a.series.resourceId, b.series.resourceId)) || compareTexts(a.day, b.day);
}

function compareTexts(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
