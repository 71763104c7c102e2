import { toInvalid } from '../../../model/errors.ts';
import { minuteMs } from '../../../model/time.ts';
import { findDecimal, toPlainText, toProduct, toSum } from '../../decimal.ts';
import type { Reading, ReadingSet } from '../../format.ts';
import type { LossReason } from '../../writer.ts';
import { totalLabel } from '../codes.ts';
import { isIntervalLength } from '../interval-length.ts';
import { findNumber } from '../numbers.ts';
import type { X12Profile } from '../profiles.ts';
import {
  findUnit,
  type IntervalLoop,
  type PeriodLoop,
  type PeriodRow,
  type UsageLoop,
} from './usage-loops.ts';
import { maxLoops } from './usage-sets.ts';
import { maxSetReadings } from './value-store.ts';
import { toNumberText } from './write-numbers.ts';

export type Lose = (reason: LossReason, readings: number) => void;

/**
 * Makes the loops of one transaction set out of reading sets, and counts what an 867 cannot carry (edi867 facts,
 * sections 5.5 to 5.9): intervals are positional, so a gap, or where adjusted values begin or end, begins a new loop.
 */
export class LoopBuilder {
  readonly #lose: Lose;
  readonly #labels: ReadonlySet<string>;
  /** The loop of each series that goes on. */
  readonly #series = new Map<string, UsageLoop>();
  #loops: UsageLoop[] = [];
  #readings = 0;

  constructor(profile: X12Profile, lose: Lose) {
    this.#labels = new Set(Object.values(profile.touLabels));
    this.#lose = lose;
  }

  /** Gives the loops, finished, and begins anew. */
  take(): UsageLoop[] {
    const loops = this.#loops.filter((loop) => loop.kind === 'interval' || this.#complete(loop));
    this.#series.clear();
    this.#loops = [];
    this.#readings = 0;
    return loops;
  }

  /** Gives every row its usage; false when no row is left. */
  #complete(loop: PeriodLoop): boolean {
    for (const row of loop.rows) {
      if (row.usage !== undefined || row.reads === undefined) continue;
      row.usage = toUsage(row.reads, loop.multiplier);
      // It has passed its last digit, and nobody says where that is.
      if (row.usage === undefined) this.#lose('register', 2);
    }
    loop.rows = loop.rows.filter(({ usage }) => usage !== undefined);
    return loop.rows.length > 0;
  }

  /** Whether a period other than the set's own is in it already. */
  hasOtherPeriod({ periodStartAt, periodEndAt }: ReadingSet): boolean {
    return this.#loops.some(
      (loop) => loop.kind === 'period' && (loop.startAt !== periodStartAt || loop.endAt !== periodEndAt),
    );
  }

  /** @throws `invalid-request` when the set grows larger than a reader takes */
  add(set: ReadingSet, readings: readonly Reading[]): void {
    const found = findUnit(set.unit);
    if (found === undefined) {
      this.#lose('unit', readings.length);
    } else if (set.measure === 'interval') {
      if (isIntervalLength(set.intervalMinutes))
        for (const reading of readings) this.#addInterval(set, reading, found);
      else this.#lose('interval', readings.length);
    } else if (set.measure === 'register') {
      this.#addRegister(set, readings, found);
    } else {
      for (const reading of readings) this.#addTotal(set, reading, found);
    }
    this.#readings += readings.length;
    if (this.#readings > maxSetReadings || this.#loops.length > maxLoops) {
      const value = `${this.#readings} readings in ${this.#loops.length} loops of ${set.account}`;
      const expected = `at most ${maxSetReadings} readings and ${maxLoops} loops of one account and period`;
      throw toInvalid('Cannot write X12', { at: 'reading sets', value, expected });
    }
  }

  #addInterval(set: ReadingSet, reading: Reading, found: NonNullable<ReturnType<typeof findUnit>>): void {
    const { multiplier, factor } = toMultiplier(set.multiplier);
    const value = this.#findValue(reading, factor);
    if (value === undefined) return;
    const { endAt } = reading;
    if (endAt % minuteMs !== 0) {
      this.#lose('boundary', 1);
      return;
    }
    const stepMs = set.intervalMinutes * minuteMs;
    const key = toKey(set, `${set.channel}\0${set.intervalMinutes}\0${multiplier}`);
    const last = this.#series.get(key) as IntervalLoop | undefined;
    if (last !== undefined && endAt > last.startAt && endAt <= last.endAt) {
      this.#lose('overlap', 1);
      return;
    }
    const isAdjusted = reading.quality === 'adjusted';
    let loop = last;
    if (loop === undefined || loop.endAt + stepMs !== endAt || loop.isAdjusted !== isAdjusted) {
      const startAt = endAt - stepMs;
      loop = {
        kind: 'interval',
        set,
        ...found,
        isAdjusted,
        multiplier,
        startAt,
        endAt: startAt,
        values: [],
        qualities: [],
      };
      this.#loops.push(loop);
      this.#series.set(key, loop);
    }
    loop.endAt = endAt;
    loop.values.push(value);
    loop.qualities.push(this.#toCarried(set, reading));
  }

  /** Unmetered service is always validated or adjusted: the flag "estimated" is lost. */
  #toCarried(set: ReadingSet, { quality }: Reading): Reading['quality'] {
    if (set.meter !== 'UNMETERED' || quality !== 'estimated') return quality;
    this.#lose('flag', 1);
    return 'validated';
  }

  #addTotal(set: ReadingSet, reading: Reading, found: NonNullable<ReturnType<typeof findUnit>>): void {
    const label = set.channel || totalLabel;
    if (!this.#labels.has(label)) {
      this.#lose('total', 1);
      return;
    }
    const value = this.#findValue(reading, set.multiplier);
    if (value === undefined) return;
    const loop = this.#findPeriod(set, set.periodStartAt, set.periodEndAt, found);
    if (loop === undefined) {
      this.#lose('boundary', 1);
      return;
    }
    const row = toRow(loop, label);
    if (row.usage !== undefined) this.#lose('overlap', 1);
    else row.usage = { value, quality: this.#toCarried(set, reading), isMade: false };
  }

  #addRegister(
    set: ReadingSet,
    readings: readonly Reading[],
    found: NonNullable<ReturnType<typeof findUnit>>,
  ): void {
    const [begin, end] = readings;
    const label = set.channel || totalLabel;
    const { multiplier, factor } = toMultiplier(set.multiplier);
    const isUsable =
      readings.length === 2 && this.#labels.has(label) && factor === '1' && set.meter !== 'UNMETERED';
    if (!isUsable || begin === undefined || end === undefined) {
      this.#lose('register', readings.length);
      return;
    }
    const values = readings.map((reading) => this.#findValue(reading, '1'));
    const [beginRead, endRead] = values;
    if (beginRead === undefined || endRead === undefined) {
      // What is lost for its own sake was counted; the other read says nothing alone.
      this.#lose('register', values.filter((value) => value !== undefined).length);
      return;
    }
    const loop = this.#findPeriod(set, begin.endAt, end.endAt, found);
    if (loop === undefined) {
      this.#lose('boundary', 2);
      return;
    }
    const row = toRow(loop, label);
    if (row.reads !== undefined || (loop.multiplier !== '' && loop.multiplier !== multiplier)) {
      this.#lose('overlap', 2);
      return;
    }
    loop.multiplier = multiplier;
    const adjusted = readings.filter(({ quality }) => quality === 'adjusted').length;
    if (adjusted > 0) this.#lose('flag', adjusted);
    const toRead = ({ quality }: Reading) => (quality === 'estimated' ? 'estimated' : 'validated');
    row.reads = { values: [beginRead, endRead], qualities: [toRead(begin), toRead(end)] };
  }

  #findPeriod(
    set: ReadingSet,
    startAt: number,
    endAt: number,
    found: NonNullable<ReturnType<typeof findUnit>>,
  ): PeriodLoop | undefined {
    if (startAt % minuteMs !== 0 || endAt % minuteMs !== 0 || endAt <= startAt) return undefined;
    const key = toKey({ ...set, unit: set.unit.replace(/REG$/, '') }, `${startAt}\0${endAt}`);
    const known = this.#series.get(key) as PeriodLoop | undefined;
    if (known !== undefined) return known;
    const loop: PeriodLoop = { kind: 'period', set, ...found, startAt, endAt, multiplier: '', rows: [] };
    this.#loops.push(loop);
    this.#series.set(key, loop);
    return loop;
  }

  /** The quantity as text; undefined, and counted, where an 867 cannot carry it. */
  #findValue({ value, quality }: Reading, multiplier: string): string | undefined {
    if (quality === 'raw' || quality === 'missing') {
      this.#lose(quality, 1);
      return undefined;
    }
    const written = toNumberText(multiplier === '1' ? value : toQuantity(value, multiplier));
    if (written === undefined) {
      this.#lose('magnitude', 1);
    } else if (Number(written.text) < 0) {
      this.#lose('negative', 1);
      return undefined;
    } else if (written.isRounded) {
      this.#lose('rounded', 1);
    }
    return written?.text.replace(/^-/, '');
  }
}

/** The usage that follows from the reads; undefined when the end is lower, or it is too large to be written. */
function toUsage(
  { values, qualities }: NonNullable<PeriodRow['reads']>,
  multiplier: string,
): PeriodRow['usage'] {
  const [begin, end] = values.map(findDecimal);
  const factor = findDecimal(multiplier);
  if (begin === undefined || end === undefined || factor === undefined) return undefined;
  const span = toSum(end, { digits: -begin.digits, scale: begin.scale });
  const written = span.digits < 0n ? undefined : toNumberText(toPlainText(toProduct(span, factor)));
  if (written === undefined) return undefined;
  const quality = qualities.includes('estimated') ? 'estimated' : 'validated';
  return { value: written.text, quality, isMade: true };
}

function toRow(loop: PeriodLoop, label: string): PeriodRow {
  const known = loop.rows.find((row) => row.label === label);
  if (known !== undefined) return known;
  const row: PeriodRow = { label, usage: undefined, reads: undefined };
  loop.rows.push(row);
  return row;
}

function toKey({ meter, sdp, unit, commodity }: ReadingSet, rest: string): string {
  return [meter, sdp, commodity, unit, rest].join('\0');
}

/** What stands in MEA**MU, and what values are multiplied with because it cannot stand there. */
function toMultiplier(text: string): { multiplier: string; factor: string } {
  const isWritable = findNumber(text) === text && Number(text) > 0;
  return isWritable ? { multiplier: text, factor: '1' } : { multiplier: '1', factor: text };
}

function toQuantity(value: string, multiplier: string): string {
  const [a, b] = [findDecimal(value), findDecimal(multiplier)];
  if (a === undefined || b === undefined)
    throw new Error(`Cannot write X12: ${JSON.stringify([value, multiplier])} are no decimals`);
  return toPlainText(toProduct(a, b));
}
