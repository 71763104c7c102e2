import { type Instant, minuteMs } from '../../model/time.ts';
import { type AsciiText, textSlack } from './ascii-text.ts';
import {
  isSameSeries,
  type OmarColumnName,
  type OmarCsvLayout,
  type OmarSeries,
  toHeaderLine,
} from './columns.ts';
import { copyShort } from './copy-short.ts';
import { createFrameFinder, type RowFrame, toVarying } from './row-frame.ts';
import { omarTimeFormats } from './time-formats.ts';

const letterE = 0x45;

/**
 * Rows of a layout as bytes, each line ending CR LF (ruling 31), in a buffer that grows. What the rows of a series
 * share is put together once, between the columns that vary; of a row no string is made.
 */
export class RowBytes {
  readonly #layout: OmarCsvLayout;
  readonly #roomBytes: number;
  readonly #columns: readonly OmarColumnName[];
  #series: OmarSeries | undefined;
  readonly #findFrame: (series: OmarSeries) => RowFrame;
  #frame: RowFrame = [];
  /** Bytes of a row but for value and quality. */
  #frameBytes = 0;
  #bytes: Buffer;
  #view: DataView;
  length = 0;

  /** @param bytes room that is made at first, and again after each {@link take} */
  constructor(layout: OmarCsvLayout, bytes: number) {
    this.#layout = layout;
    this.#roomBytes = bytes;
    this.#columns = toVarying(layout);
    this.#findFrame = createFrameFinder(layout);
    this.#bytes = Buffer.allocUnsafeSlow(bytes + textSlack);
    this.#view = toView(this.#bytes);
  }

  /** The header line, where the layout has one. */
  addHeader(): void {
    if (!this.#layout.hasHeader) return;
    const line = `${toHeaderLine(this.#layout)}\r\n`;
    this.#makeRoom(line.length);
    this.length += this.#bytes.write(line, this.length, 'latin1');
  }

  /** The rows that follow are of this series. */
  begin(series: OmarSeries): void {
    if (this.#series !== undefined && isSameSeries(series, this.#series)) return;
    this.#series = series;
    this.#frame = this.#findFrame(series);
    const timeBytes = omarTimeFormats[this.#layout.timeFormat].length;
    this.#frameBytes = this.#frame.reduce((sum, { length }) => sum + length, timeBytes);
  }

  /** Bytes of so many rows of the series, whose values together have `valueBytes`. */
  sizeOf(rows: number, valueBytes: number, estimated: number): number {
    const qualities = this.#columns.includes('QUALITY') ? estimated : 0;
    return rows * this.#frameBytes + valueBytes + qualities;
  }

  /** A row of the series; its value is `bytes[start, end)`. */
  add(endAt: Instant, bytes: Uint8Array, start: number, end: number, isEstimated: boolean): void {
    this.#makeRoom(this.#frameBytes + end - start + (isEstimated ? 1 : 0));
    const view = this.#view;
    const { timeFormat, utcOffsetMinutes } = this.#layout;
    let at = this.length;
    for (let i = 0; i < this.#columns.length; i++) {
      at = (this.#frame[i] as AsciiText).write(view, at);
      const column = this.#columns[i];
      if (column === 'VALUE') at = copyShort(bytes, start, end, this.#bytes, at);
      else if (column === 'QUALITY') {
        if (isEstimated) this.#bytes[at++] = letterE;
      } else at = omarTimeFormats[timeFormat].write(endAt / minuteMs + utcOffsetMinutes, view, at);
    }
    this.length = (this.#frame[this.#columns.length] as AsciiText).write(view, at);
  }

  /** What was added; it changes with the next row. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Begins anew, in the same room. */
  clear(): void {
    this.length = 0;
  }

  /** What was added, which is not changed afterwards; begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.length);
    this.#bytes = Buffer.alloc(0);
    this.length = 0;
    return taken;
  }

  #makeRoom(bytes: number): void {
    const needed = this.length + bytes + textSlack;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#roomBytes + textSlack, 2 * needed));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
    this.#view = toView(larger);
  }
}

function toView({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
