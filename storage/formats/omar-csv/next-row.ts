import { amountScale } from '../checks/amounts.ts';
import type { AsciiText } from './ascii-text.ts';
import { isSameSeries, type OmarColumnName, type OmarCsvLayout, type OmarSeries } from './columns.ts';
import { createFrameFinder, type RowFrame, toVarying } from './row-frame.ts';
import type { RowReading } from './row-run.ts';
import { omarTimeFormats } from './time-formats.ts';

const zero = 0x30;
const point = 0x2e;
const letterE = 0x45;
const maxWholeDigits = 12;
const maxPlaces = 3;
/** More than any row with its line end has, so that none is looked for beyond the bytes. */
const maxRowBytes = 128;
/** From a number with so many digits after its point to an amount. */
const toAmounts = Array.from({ length: maxPlaces + 1 }, (_, places) => 10 ** (amountScale - places));

/**
 * The fast lane for what nearly every row is: of the same series as the row before, ending an interval after it. What
 * it must look like is known, then, but for value and quality, and comparing its bytes is all. It reports nothing: any
 * other row is read column by column, with the same meaning.
 */
export class NextRow implements RowReading {
  readonly #layout: OmarCsvLayout;
  readonly #columns: readonly OmarColumnName[];
  readonly #findFrame: (series: OmarSeries) => RowFrame;
  #frame: RowFrame = [];
  #view: DataView = new DataView(new ArrayBuffer(0));
  series: OmarSeries | undefined;
  minutes = Number.NaN;
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  amount = Number.NaN;
  isEstimated = false;

  constructor(layout: OmarCsvLayout) {
    this.#layout = layout;
    this.#columns = toVarying(layout);
    this.#findFrame = createFrameFinder(layout);
  }

  /** The row that comes next is expected to follow this one. */
  follow(series: OmarSeries, minutes: number): void {
    if (this.series === undefined || !isSameSeries(series, this.series)) {
      this.series = series;
      this.#frame = this.#findFrame(series);
    }
    this.minutes = minutes + series.intervalMinutes;
  }

  /**
   * Holds the line from `start` on against the row that is expected. Where it is that row, what it says stands here
   * until the next call.
   *
   * @returns the place after the line; -1 where it is another row, or near the end of the bytes
   */
  match(bytes: Buffer, lineStart: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    if (this.series === undefined || lineStart + maxRowBytes > bytes.length) return -1;
    const { timeFormat, utcOffsetMinutes } = this.#layout;
    const time = omarTimeFormats[timeFormat];
    let at = lineStart;
    for (let i = 0; i < this.#columns.length; i++) {
      const before = this.#frame[i] as AsciiText;
      if (!before.isAt(this.#view, at)) return -1;
      at += before.length;
      const column = this.#columns[i];
      if (column === 'INTERVAL_END_GMT') {
        if (!time.isAt(this.minutes + utcOffsetMinutes, this.#view, at)) return -1;
        at += time.length;
      } else if (column === 'VALUE') {
        at = this.#readValue(bytes, at);
        if (at === -1) return -1;
      } else {
        this.isEstimated = bytes[at] === letterE;
        if (this.isEstimated) at++;
      }
    }
    const after = this.#frame[this.#columns.length] as AsciiText;
    return after.isAt(this.#view, at) ? at + after.length : -1;
  }

  /** Gives the place after the value, -1 when it is none. */
  #readValue(bytes: Buffer, start: number): number {
    let digits = 0;
    let at = start;
    let digit = (bytes[at] as number) - zero;
    for (; digit >= 0 && digit <= 9; digit = (bytes[++at] as number) - zero) digits = digits * 10 + digit;
    const whole = at - start;
    let places = 0;
    if (bytes[at] === point) {
      digit = (bytes[++at] as number) - zero;
      for (; digit >= 0 && digit <= 9; digit = (bytes[++at] as number) - zero) digits = digits * 10 + digit;
      places = at - start - whole - 1;
      if (places === 0) return -1;
    }
    if (whole === 0 || whole > maxWholeDigits || places > maxPlaces) return -1;
    const amount = digits * (toAmounts[places] as number);
    this.amount = Number.isSafeInteger(amount) ? amount : Number.NaN;
    this.start = start;
    this.end = at;
    return at;
  }
}
