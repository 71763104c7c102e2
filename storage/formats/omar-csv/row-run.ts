import { minuteMs } from '../../model/time.ts';
import { AmountTally, toAmount } from '../checks/amounts.ts';
import type { Reading, ReadingSet, SetAmounts } from '../format.ts';
import type { OmarCsvLayout, OmarRow } from './columns.ts';
import { toReadingUnit } from './reading-unit.ts';

/** Longer runs become several reading sets. */
const maxRows = 4_000;

/** Neighbouring rows of one resource, measurement type, unit and interval length. */
export class RowRun {
  readonly #layout: OmarCsvLayout;
  #rows: OmarRow[] = [];
  #line = 0;
  #byteStart = 0;
  #byteEnd = 0;
  #isSpoilt = false;
  /** Unit of the readings. */
  unit = '';

  constructor(layout: OmarCsvLayout) {
    this.#layout = layout;
  }

  isPartOf(row: OmarRow): boolean {
    const first = this.#rows[0];
    if (first === undefined) return true;
    return (
      this.#rows.length < maxRows &&
      first.resourceId === row.resourceId &&
      first.measurementType === row.measurementType &&
      first.unit === row.unit &&
      first.intervalMinutes === row.intervalMinutes
    );
  }

  add(row: OmarRow, line: number, byteStart: number, byteEnd: number): void {
    if (this.#rows.length === 0) {
      this.#line = line;
      this.#byteStart = byteStart;
      this.unit = toReadingUnit(row, this.#layout);
    }
    this.#rows.push(row);
    this.#byteEnd = byteEnd;
  }

  /** A row with an error stands in the run: nothing of it is handed on. */
  spoil(): void {
    this.#isSpoilt = true;
  }

  clear(): void {
    this.#rows = [];
    this.#isSpoilt = false;
  }

  /** The run as a reading set; undefined when it is empty or spoilt. */
  toSet(): ReadingSet | undefined {
    const first = this.#rows[0];
    if (first === undefined || this.#isSpoilt) return undefined;
    const ends = this.#rows.map((row) => row.endAt);
    return {
      line: this.#line,
      byteStart: this.#byteStart,
      byteEnd: this.#byteEnd,
      sender: '',
      receiver: '',
      account: '',
      senderAccount: '',
      receiverAccount: '',
      sdp: '',
      meter: first.resourceId,
      commodity: 'E',
      unit: this.unit,
      channel: first.measurementType,
      measure: 'interval',
      purpose: '',
      multiplier: '1',
      intervalMinutes: first.intervalMinutes,
      periodStartAt: Math.min(...ends) - first.intervalMinutes * minuteMs,
      periodEndAt: Math.max(...ends),
      readings: ends.length,
      estimated: this.#rows.filter((row) => row.isEstimated).length,
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
  toStamps(): number[] {
    return this.#rows.map(({ endAt }) => endAt / minuteMs);
  }

  toAmounts(): SetAmounts {
    const tally = new AmountTally();
    for (const { value } of this.#rows) tally.add(toAmount(value));
    return tally;
  }

  toReadings(): Reading[] {
    return this.#rows.map(({ endAt, value, isEstimated }) => ({
      endAt,
      value,
      quality: isEstimated ? 'estimated' : 'validated',
    }));
  }
}
