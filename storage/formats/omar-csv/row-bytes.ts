import { type Instant, minuteMs } from '../../model/time.ts';
import {
  isSameSeries,
  type OmarColumnName,
  type OmarCsvLayout,
  type OmarSeries,
  toHeaderLine,
} from './columns.ts';
import { copyShort } from './copy-short.ts';
import { toBetween, toVarying } from './row-frame.ts';
import { omarTimeFormats } from './time-formats.ts';

const lineEnd = Buffer.from('\r\n', 'latin1');
const letterE = 0x45;

/**
 * Rows of a layout as bytes, each line ending CR LF (ruling 31), in a buffer that grows. What the rows of a series share
 * is put together once, between the columns that vary; of a row no string is made.
 */
export class RowBytes {
  readonly #layout: OmarCsvLayout;
  readonly #roomBytes: number;
  readonly #columns: readonly OmarColumnName[];
  #series: OmarSeries | undefined;
  #between: Buffer[] = [];
  /** Bytes of a row but for value and quality. */
  #frameBytes = 0;
  #bytes: Buffer;
  length = 0;

  /** @param bytes room that is made at first, and again after each `take` */
  constructor(layout: OmarCsvLayout, bytes: number) {
    this.#layout = layout;
    this.#roomBytes = bytes;
    this.#columns = toVarying(layout);
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  /** The header line, where the layout has one. */
  addHeader(): void {
    if (!this.#layout.hasHeader) return;
    const line = Buffer.from(toHeaderLine(this.#layout), 'latin1');
    this.#makeRoom(line.length + lineEnd.length);
    this.length += line.copy(this.#bytes, this.length);
    this.length += lineEnd.copy(this.#bytes, this.length);
  }

  /** The rows that follow are of this series. */
  begin(series: OmarSeries): void {
    if (this.#series !== undefined && isSameSeries(series, this.#series)) return;
    this.#series = series;
    this.#between = toBetween(series, this.#layout);
    const timeBytes = omarTimeFormats[this.#layout.timeFormat].length;
    this.#frameBytes = this.#between.reduce((sum, { length }) => sum + length, timeBytes + lineEnd.length);
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
    at = copyShort(after, 0, after.length, target, at);
    this.length = copyShort(lineEnd, 0, lineEnd.length, target, at);
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
