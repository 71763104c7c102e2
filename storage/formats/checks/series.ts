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

/** What series of many meters have in common. */
export interface SeriesTitle {
  readonly id: number;
  readonly kind: SeriesKind;
  readonly commodity: string;
  readonly unit: string;
  readonly channel: string;
  readonly isRegister: boolean;
  /** That of the first set. */
  readonly multiplier: string;
}

/** What is known of one meter's unit and channel: the time that it covers, and what its values come to. */
export class Series {
  readonly title: SeriesTitle;
  /** Where it is kept while other meters are read; -1 while it is new. */
  slot = -1;
  runs: StampRun[] = [];
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

  constructor(title: SeriesTitle) {
    this.title = title;
  }

  isOf(set: ReadingSet, kind: SeriesKind): boolean {
    const { title } = this;
    return (
      title.unit === set.unit &&
      title.kind === kind &&
      title.channel === set.channel &&
      title.commodity === set.commodity &&
      title.isRegister === (set.measure === 'register')
    );
  }

  addAmounts(set: ReadingSet, stamps: ArrayLike<number>, count: number, amounts: SetAmounts): void {
    if (set.missing > 0 || set.multiplier !== this.title.multiplier) this.isSummable = false;
    if (!this.title.isRegister) this.sum += amounts.sum;
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
    if (this.title.kind !== 'interval' || tail === undefined) return false;
    if (tail.step !== run.step || tail.last !== run.start) return false;
    tail.last = run.last;
    return true;
  }

  /** Whether reads begin with the one that closed the reads before: said twice on purpose, and no repeat. */
  opensWithLastRead(reads: StampRun, { first }: SetAmounts): boolean {
    return this.title.isRegister && reads.step > 0 && reads.first === this.lastAt && first === this.lastRead;
  }
}
