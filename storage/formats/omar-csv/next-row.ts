import { amountScale } from '../checks/amounts.ts';
import { isSameSeries, type OmarColumnName, type OmarCsvLayout, type OmarSeries } from './columns.ts';
import { toBetween, toVarying } from './row-frame.ts';
import type { RowReading } from './row-run.ts';
import { omarTimeFormats } from './time-formats.ts';

const point = 0x2e;
const letterE = 0x45;
const maxWholeDigits = 12;
const maxPlaces = 3;
/** From a number with so many digits after its point to an amount. */
const toAmounts = Array.from({ length: maxPlaces + 1 }, (_, places) => 10 ** (amountScale - places));

/**
 * The fast lane for what nearly every row is: of the same series as the row before, ending an interval after it. What it
 * must look like is known, then, but for value and quality, and comparing its bytes is all. It reports nothing: any other
 * row is read column by column, with the same meaning.
 */
export class NextRow implements RowReading {
  readonly #layout: OmarCsvLayout;
  readonly #columns: readonly OmarColumnName[];
  #between: Buffer[] = [];
  #series: OmarSeries | undefined;
  readonly #time: Buffer;
  minutes = Number.NaN;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  amount = Number.NaN;
  isEstimated = false;

  constructor(layout: OmarCsvLayout) {
    this.#layout = layout;
    this.#columns = toVarying(layout);
    this.#time = Buffer.alloc(omarTimeFormats[layout.timeFormat].length);
  }

  /** The row that comes next is expected to follow this one. */
  follow(series: OmarSeries, minutes: number): void {
    if (this.#series === undefined || !isSameSeries(series, this.#series)) {
      this.#series = series;
      this.#between = toBetween(series, this.#layout);
    }
    const { timeFormat, utcOffsetMinutes } = this.#layout;
    this.minutes = minutes + series.intervalMinutes;
    omarTimeFormats[timeFormat].write(this.minutes + utcOffsetMinutes, this.#time, 0);
  }

  /**
   * Holds the line `bytes[start, end)` against the row that is expected. Where it is that row, what it says stands here
   * until the next call.
   *
   * @returns its series; undefined where it is another row
   */
  match(bytes: Uint8Array, start: number, end: number): OmarSeries | undefined {
    return this.#isNext(bytes, start, end) ? this.#series : undefined;
  }

  #isNext(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#between.length === 0) return false;
    let at = start;
    for (let i = 0; i < this.#columns.length; i++) {
      at = skip(this.#between[i] as Buffer, bytes, at, end);
      if (at === -1) return false;
      const column = this.#columns[i];
      if (column === 'INTERVAL_END_GMT') at = skip(this.#time, bytes, at, end);
      else if (column === 'VALUE') at = this.#readValue(bytes, at, end);
      else {
        this.isEstimated = at < end && bytes[at] === letterE;
        if (this.isEstimated) at++;
      }
      if (at === -1) return false;
    }
    return skip(this.#between[this.#columns.length] as Buffer, bytes, at, end) === end;
  }

  /** Gives the place after the value, -1 when it is not plain. */
  #readValue(bytes: Uint8Array, start: number, end: number): number {
    let digits = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
    }
    const whole = at - start;
    let places = 0;
    if (at < end && bytes[at] === point) {
      for (at++; at < end; at++) {
        const digit = (bytes[at] as number) - 0x30;
        if (digit < 0 || digit > 9) break;
        digits = digits * 10 + digit;
        places++;
      }
      if (places === 0) return -1;
    }
    if (whole === 0 || whole > maxWholeDigits || places > maxPlaces) return -1;
    const amount = digits * (toAmounts[places] as number);
    this.amount = Number.isSafeInteger(amount) ? amount : Number.NaN;
    this.bytes = bytes;
    this.start = start;
    this.end = at;
    return at;
  }
}

/** The place after `expected` in `bytes[at, end)`, -1 where something else stands. */
function skip(expected: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
  const { length } = expected;
  if (at + length > end) return -1;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return -1;
  return at + length;
}
