import { type Instant, minuteMs } from '../../model/time.ts';
import { createTradeDayFinder, type TradeDay } from '../../model/trade-day.ts';
import { isSameSeries, type OmarRow, type OmarSeries } from './columns.ts';
import { copyText } from './copy-short.ts';

const pageBytes = 256 * 1_024;
/** Before each value stand its length in two bytes, with this bit in the second one where it is estimated. */
const markBytes = 2;
const estimatedBit = 0x80;

/** Rows of one series and one trade day that follow each other, each an interval after the one before. */
export interface DayRun {
  readonly series: OmarSeries;
  readonly day: TradeDay;
  /** End of the first interval, minutes since 1970. */
  readonly firstMinutes: number;
  rows: number;
  estimated: number;
  /** The values, each with its mark before it, are `page[start, end)`. */
  readonly page: Uint8Array;
  readonly start: number;
  end: number;
}

/**
 * Rows in the order given, in little memory: a posting may have millions, and a row as an object takes more than a
 * hundred bytes. Here it takes those of its value and two more; what neighbours share stands once, in their run.
 */
export class OmarRows implements Iterable<OmarRow> {
  readonly runs: DayRun[] = [];
  length = 0;
  readonly #toDay = createTradeDayFinder();
  #series: OmarSeries | undefined;
  #run: DayRun | undefined;
  /** What the next row of the run has to be. */
  #nextAt = Number.NaN;
  #page: Uint8Array = new Uint8Array(0);
  #pageEnd = 0;

  /** The rows that follow are of this series. */
  begin(series: OmarSeries): void {
    if (this.#series !== undefined && isSameSeries(series, this.#series)) return;
    this.#series = series;
    this.#run = undefined;
  }

  /** A row of the series that was begun; its value is in ASCII. */
  add(endAt: Instant, value: string, isEstimated: boolean): void {
    const run = this.#findRun(endAt, markBytes + value.length);
    const { page, end } = run;
    page[end] = value.length & 0xff;
    page[end + 1] = (value.length >> 8) | (isEstimated ? estimatedBit : 0);
    run.end = copyText(value, page, end + markBytes);
    this.#pageEnd = run.end;
    run.rows++;
    if (isEstimated) run.estimated++;
    this.length++;
  }

  #findRun(endAt: Instant, bytes: number): DayRun {
    const day = this.#toDay(endAt);
    const hasRoom = this.#pageEnd + bytes <= this.#page.length;
    const run = this.#run;
    const isNext = run !== undefined && endAt === this.#nextAt && day === run.day && hasRoom;
    const series = this.#series as OmarSeries;
    this.#nextAt = endAt + series.intervalMinutes * minuteMs;
    if (isNext) return run;
    if (!hasRoom) {
      this.#page = Buffer.allocUnsafeSlow(pageBytes);
      this.#pageEnd = 0;
    }
    const start = this.#pageEnd;
    const place = { page: this.#page, start, end: start };
    this.#run = { series, day, firstMinutes: endAt / minuteMs, rows: 0, estimated: 0, ...place };
    this.runs.push(this.#run);
    return this.#run;
  }

  *[Symbol.iterator](): Iterator<OmarRow> {
    const rows: OmarRow[] = [];
    for (const run of this.runs) {
      eachRow(run, (endAt, start, end, isEstimated) => {
        const value = Buffer.from(run.page.subarray(start, end)).toString('latin1');
        rows.push({ ...run.series, endAt, value, isEstimated });
      });
      yield* rows.splice(0);
    }
  }
}

/** Bytes that the values of a run have together. */
export function toValueBytes({ rows, start, end }: DayRun): number {
  return end - start - rows * markBytes;
}

/** Goes through the rows of a run in their order; a row's value is `run.page[start, end)`. */
export function eachRow(
  { series, firstMinutes, page, start: runStart, end: runEnd }: DayRun,
  take: (endAt: Instant, start: number, end: number, isEstimated: boolean) => void,
): void {
  const stepMs = series.intervalMinutes * minuteMs;
  let endAt = firstMinutes * minuteMs;
  for (let at = runStart; at < runEnd; endAt += stepMs) {
    const second = page[at + 1] as number;
    const start = at + markBytes;
    at = start + (page[at] as number) + ((second & ~estimatedBit) << 8);
    take(endAt, start, at, (second & estimatedBit) !== 0);
  }
}
