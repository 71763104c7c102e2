import { minuteMs } from '../../model/time.ts';
import { AmountTally } from '../checks/amounts.ts';
import type { Reading, ReadingSet, SetAmounts } from '../format.ts';
import { isSameSeries, maxValueCharacters, type OmarSeries } from './columns.ts';
import { copyShort } from './copy-short.ts';
import { toReadingUnit } from './reading-unit.ts';

const blank = 0x20;

/** Longer runs become several reading sets. */
const maxRows = 4_000;

/** Longest value of a row: what the column takes. */
const valueBytes = maxValueCharacters;

/** What a row says beside its series. */
export interface RowReading {
  /** End of the interval, minutes since 1970. */
  readonly minutes: number;
  /** The value is `bytes[start, end)`, and the same as an amount. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly amount: number;
  readonly isEstimated: boolean;
}

/** Neighbouring rows of one resource, measurement type, unit and interval length. One object serves a file. */
export class RowRun {
  #series: OmarSeries | undefined;
  /** Ends of the intervals, minutes since 1970. */
  readonly #ends = new Float64Array(maxRows);
  /** Where each row begins in the file. */
  readonly #starts = new Float64Array(maxRows);
  /** The values, each in a place of its own, filled with blanks. */
  readonly #values = Buffer.alloc(maxRows * valueBytes);
  readonly #isEstimated = new Uint8Array(maxRows);
  readonly #amounts = new AmountTally();
  #line = 0;
  #byteEnd = 0;
  #isSpoilt = false;
  #firstEnd = Number.POSITIVE_INFINITY;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #estimated = 0;
  rows = 0;
  /** Unit of the readings. */
  unit = '';

  isPartOf(series: OmarSeries): boolean {
    return this.#series === undefined || (this.rows < maxRows && isSameSeries(series, this.#series));
  }

  /** Adds a row, which lies at these places in the file; its bytes are copied. */
  add(series: OmarSeries, reading: RowReading, line: number, byteStart: number, byteEnd: number): void {
    if (this.#series === undefined) {
      this.#series = series;
      this.#line = line;
      this.unit = toReadingUnit(series);
    }
    const { rows } = this;
    this.#byteEnd = byteEnd;
    const { minutes } = reading;
    this.#ends[rows] = minutes;
    this.#starts[rows] = byteStart;
    if (minutes < this.#firstEnd) this.#firstEnd = minutes;
    if (minutes > this.#lastEnd) this.#lastEnd = minutes;
    const at = rows * valueBytes;
    const valueEnd = copyShort(reading.bytes, reading.start, reading.end, this.#values, at);
    for (let i = valueEnd; i < at + valueBytes; i++) this.#values[i] = blank;
    this.#isEstimated[rows] = reading.isEstimated ? 1 : 0;
    if (reading.isEstimated) this.#estimated++;
    this.#amounts.add(reading.amount);
    this.rows++;
  }

  /** A row with an error stands in the run: nothing of it is handed on. */
  spoil(): void {
    this.#isSpoilt = true;
  }

  clear(): void {
    this.#series = undefined;
    this.#isSpoilt = false;
    this.#amounts.clear();
    this.#firstEnd = Number.POSITIVE_INFINITY;
    this.#lastEnd = Number.NEGATIVE_INFINITY;
    this.#estimated = 0;
    this.rows = 0;
  }

  /** The run as a reading set; undefined when it is empty or spoilt. */
  toSet(): ReadingSet | undefined {
    const series = this.#series;
    if (series === undefined || this.#isSpoilt) return undefined;
    const { rows } = this;
    return {
      line: this.#line,
      byteStart: this.#starts[0] as number,
      byteEnd: this.#byteEnd,
      sender: '',
      receiver: '',
      account: '',
      senderAccount: '',
      receiverAccount: '',
      sdp: '',
      meter: series.resourceId,
      commodity: 'E',
      unit: this.unit,
      channel: series.measurementType,
      measure: 'interval',
      purpose: '',
      multiplier: '1',
      intervalMinutes: series.intervalMinutes,
      periodStartAt: (this.#firstEnd - series.intervalMinutes) * minuteMs,
      periodEndAt: this.#lastEnd * minuteMs,
      readings: rows,
      estimated: this.#estimated,
      adjusted: 0,
      raw: 0,
      missing: 0,
      createdAt: null,
      externalReference: '',
      correctsReference: '',
      reason: '',
    };
  }

  /** Ends of the intervals, minutes since 1970. */
  toStamps(): Float64Array {
    return this.#ends.subarray(0, this.rows);
  }

  /** Where a row stands in the file, by its index: those of a run that is not spoilt follow each other. */
  placeOf(row: number): { line: number; byteStart: number } {
    return { line: this.#line + row, byteStart: this.#starts[row] as number };
  }

  get amounts(): SetAmounts {
    return this.#amounts;
  }

  toReadings(): Reading[] {
    const values = this.#values.toString('latin1', 0, this.rows * valueBytes);
    return Array.from(this.toStamps(), (minutes, row) => ({
      endAt: minutes * minuteMs,
      value: values.slice(row * valueBytes, (row + 1) * valueBytes).trimEnd(),
      quality: this.#isEstimated[row] === 1 ? 'estimated' : 'validated',
    }));
  }
}
