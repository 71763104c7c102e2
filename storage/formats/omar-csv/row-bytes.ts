import { type Instant, minuteMs } from '../../model/time.ts';
import {
  isSameSeries,
  type OmarColumnName,
  type OmarCsvLayout,
  type OmarSeries,
  omarColumns,
  toHeaderLine,
} from './columns.ts';
import { copyShort } from './copy-short.ts';
import { omarTimeFormats } from './time-formats.ts';

const lineEnd = '\r\n';
const letterE = 0x45;

/** Columns that differ from row to row; the others are the series'. */
const varying: readonly OmarColumnName[] = ['INTERVAL_END_GMT', 'VALUE', 'QUALITY'];

/**
 * Rows of a layout as bytes, each line ending CR LF (ruling 31), in a buffer that grows. What the rows of a series share
 * is put together once, between the columns that vary; of a row no string is made.
 */
export class RowBytes {
  readonly #layout: OmarCsvLayout;
  readonly #roomBytes: number;
  /** The varying columns in their order. */
  readonly #columns: readonly OmarColumnName[];
  #series: OmarSeries | undefined;
  /** What stands before each varying column, and after the last. */
  #between: Buffer[] = [];
  #frameBytes = 0;
  #bytes: Buffer;
  length = 0;

  /** @param bytes room that is made at first, and again after each `take` */
  constructor(layout: OmarCsvLayout, bytes: number) {
    this.#layout = layout;
    this.#roomBytes = bytes;
    this.#columns = layout.columns.filter((name) => varying.includes(name));
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  /** The header line, where the layout has one. */
  addHeader(): void {
    if (!this.#layout.hasHeader) return;
    const line = Buffer.from(`${toHeaderLine(this.#layout)}${lineEnd}`, 'latin1');
    this.#makeRoom(line.length);
    this.length += line.copy(this.#bytes, this.length);
  }

  /** The rows that follow are of this series. */
  begin(series: OmarSeries): void {
    if (this.#series !== undefined && isSameSeries(series, this.#series)) return;
    this.#series = series;
    this.#between = toBetween(series, this.#layout).map((text) => Buffer.from(text, 'latin1'));
    const time = this.#columns.includes('INTERVAL_END_GMT')
      ? omarTimeFormats[this.#layout.timeFormat].length
      : 0;
    this.#frameBytes = this.#between.reduce((sum, { length }) => sum + length, time);
  }

  /** Bytes of so many rows of the series, whose values together have `valueBytes`. */
  sizeOf(rows: number, valueBytes: number, estimated: number): number {
    const qualities = this.#columns.includes('QUALITY') ? estimated : 0;
    return rows * this.#frameBytes + valueBytes + qualities;
  }

  /** A row of the series; its value is `bytes[start, end)`. */
  add(endAt: Instant, bytes: Uint8Array, start: number, end: number, isEstimated: boolean): void {
    this.#makeRoom(this.#frameBytes + end - start + (isEstimated ? 1 : 0));
    const target = this.#bytes;
    const { timeFormat, utcOffsetMinutes } = this.#layout;
    let at = this.length;
    for (let i = 0; i < this.#columns.length; i++) {
      const before = this.#between[i] as Buffer;
      at = copyShort(before, 0, before.length, target, at);
      const column = this.#columns[i];
      if (column === 'VALUE') at = copyShort(bytes, start, end, target, at);
      else if (column === 'QUALITY') {
        if (isEstimated) target[at++] = letterE;
      } else at = omarTimeFormats[timeFormat].write(endAt / minuteMs + utcOffsetMinutes, target, at);
    }
    const after = this.#between[this.#columns.length] as Buffer;
    this.length = copyShort(after, 0, after.length, target, at);
  }

  /** What was added since the last call; it is not changed afterwards. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length);
    this.#bytes = this.#bytes.subarray(this.length);
    this.length = 0;
    return taken;
  }

  #makeRoom(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#roomBytes, 2 * (this.length + bytes)));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}

function toBetween(series: OmarSeries, layout: OmarCsvLayout): string[] {
  const row = { ...series, endAt: 0, value: '', isEstimated: false };
  const texts = [''];
  for (const [index, name] of layout.columns.entries()) {
    const start = index === 0 ? '' : layout.delimiter;
    const text = varying.includes(name) ? start : `${start}${omarColumns[name].toText(row, layout)}`;
    texts.push(`${texts.pop() ?? ''}${text}`);
    if (varying.includes(name)) texts.push('');
  }
  return [...texts.slice(0, -1), `${texts.at(-1)}${lineEnd}`];
}
