import type { ReadingSet, SetAmounts } from '../format.ts';
import type { StampRun } from './stamp-runs.ts';

/**
 * What a stamp of the series stands for: the interval of known length that it ends; an instant (a register read, or an
 * interval whose length nobody says); or a whole period with a start of its own.
 */
export type SeriesKind = 'interval' | 'instant' | 'total';

export function toSeriesKind({ measure, intervalMinutes }: ReadingSet): SeriesKind {
  if (measure === 'total') return 'total';
  return measure === 'interval' && intervalMinutes > 0 ? 'interval' : 'instant';
}

/** What is known of one meter's unit and channel: the time that it covers, and what its values come to. */
export class Series {
  readonly kind: SeriesKind;
  readonly commodity: string;
  readonly unit: string;
  readonly channel: string;
  readonly isRegister: boolean;
  readonly multiplier: string;
  readonly runs: StampRun[] = [];
  /** Whether stamps were met that are not in `runs`, for want of room. */
  isCapped = false;
  /** Whether its amounts say what it comes to: nothing missing, nothing twice, one multiplier, a rising register. */
  isSummable = true;
  /** Sum of an interval series; 10^-5 of the unit, before the multiplier, as in {@link SetAmounts}. */
  sum = 0;
  /** The reads of a register at its earliest and its latest stamp. */
  firstAt = Number.NaN;
  lastAt = Number.NaN;
  firstRead = Number.NaN;
  lastRead = Number.NaN;

  constructor(set: ReadingSet, kind: SeriesKind) {
    this.kind = kind;
    this.commodity = set.commodity;
    this.unit = set.unit;
    this.channel = set.channel;
    this.isRegister = set.measure === 'register';
    this.multiplier = set.multiplier;
  }

  isOf(set: ReadingSet, kind: SeriesKind): boolean {
    return (
      this.unit === set.unit &&
      this.kind === kind &&
      this.channel === set.channel &&
      this.commodity === set.commodity &&
      this.isRegister === (set.measure === 'register')
    );
  }

  addAmounts(set: ReadingSet, stamps: ArrayLike<number>, count: number, amounts: SetAmounts): void {
    if (set.missing > 0 || set.multiplier !== this.multiplier) this.isSummable = false;
    if (!this.isRegister) this.sum += amounts.sum;
    else this.#addReads(stamps[0] as number, stamps[count - 1] as number, amounts);
  }

  /** A register only grows: otherwise it rolled over or was reset, and its difference says nothing. */
  #addReads(startAt: number, endAt: number, { first, last }: SetAmounts): void {
    const isFirst = Number.isNaN(this.firstAt);
    const isLater = isFirst || startAt >= this.lastAt;
    const isEarlier = isFirst || endAt <= this.firstAt;
    const isRising =
      first <= last && (isFirst || (isLater ? first >= this.lastRead : isEarlier && last <= this.firstRead));
    if (!isRising) this.isSummable = false;
    if (isLater) {
      this.lastAt = endAt;
      this.lastRead = last;
    }
    if (isEarlier) {
      this.firstAt = startAt;
      this.firstRead = first;
    }
  }

  /** Extends the latest run by one that follows it without a hole, as nearly all do; false when it does not. */
  goesOnWith(run: StampRun): boolean {
    const tail = this.runs[this.runs.length - 1];
    if (this.kind !== 'interval' || tail === undefined) return false;
    if (tail.step !== run.step || tail.last !== run.start) return false;
    tail.last = run.last;
    return true;
  }

  /** Whether reads begin with the one that closed the reads before: said twice on purpose, and no repeat. */
  opensWithLastRead(reads: StampRun, { first }: SetAmounts): boolean {
    return this.isRegister && reads.step > 0 && reads.first === this.lastAt && first === this.lastRead;
  }
}
