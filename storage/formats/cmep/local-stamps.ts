import type { ZoneClock } from '../../model/zone-clock.ts';
import type { CmepRecord } from './fields/record.ts';
import type { HeaderCheck } from './header.ts';
import type { IntervalRecordCheck } from './interval-record.ts';
import type { Triplets } from './triplets.ts';
import { reportGap, reportTwice } from './zoned-stamp.ts';

/** Series remembered: about 20 MB of memory at most. */
export const maxLocalSeries = 100_000;

/**
 * Stamps of MEPMD01 in local time (CMEP facts, section 8). In autumn an hour of the wall clock comes twice in a row
 * and the second is standard time: so a stamp there is the first of its two instants that lies after the stamp before
 * it, in its record or, as records end anywhere, in the last record of the same meter and unit. One object serves a
 * file.
 */
export class LocalStamps {
  readonly #clock: ZoneClock;
  /** The last instant of each series, minutes of UTC. */
  readonly #lastOf = new Map<string, number>();
  /** Whether more was met than is remembered. */
  isCapped = false;

  constructor(clock: ZoneClock) {
    this.#clock = clock;
  }

  /**
   * Fills in all stamps of the record as minutes of UTC; those that the fast lane took stand there as on the wall.
   * Faulty ones are reported and NaN.
   */
  resolve(record: CmepRecord, triplets: Triplets, header: HeaderCheck, interval: IntervalRecordCheck): void {
    const { stamps, count, plainCount } = triplets;
    const isGiven = (i: number) => i < plainCount || !record.isEmpty(15 + 3 * i);
    for (let i = plainCount; i < count; i++) {
      stamps[i] = isGiven(i) ? interval.readStamp(record, i, Number.NaN) : Number.NaN;
    }
    const key = toSeriesKey(header);
    let previous = this.#lastOf.get(key) ?? this.#findBefore(record, triplets, interval.step.minutes);
    for (let i = 0; i < count; i++) {
      stamps[i] = isGiven(i)
        ? this.#choose(record, i, stamps[i] as number, previous)
        : this.#calculate(record, i, previous, interval);
      previous = stamps[i] as number;
    }
    this.#remember(key, previous);
  }

  /** A stamp left out: days and months are counted on the calendar, hours and minutes as they pass. */
  #calculate(record: CmepRecord, index: number, previous: number, interval: IntervalRecordCheck): number {
    if (!interval.isCalendarStep) return interval.readStamp(record, index, previous);
    const wall = interval.readStamp(record, index, this.#clock.toWall(previous));
    return this.#choose(record, index, wall, previous);
  }

  /**
   * An instant that stands for the one before the first record of a series: where its first stamp comes twice, the
   * even spacing of the record tells which of the two it is. Without that it is taken for the first, with a warning.
   */
  #findBefore(record: CmepRecord, { stamps, count }: Triplets, step: number): number {
    const wall = stamps[0] as number;
    const first = this.#clock.toUtc(wall);
    const second = this.#clock.toUtc(wall, true);
    if (first === second || Number.isNaN(first)) return Number.NaN;
    for (let i = 1; i < count; i++) {
      const later = this.#clock.toUtc(stamps[i] as number);
      if (later !== this.#clock.toUtc(stamps[i] as number, true)) continue;
      if (later - second === i * step) return first;
      if (later - first === i * step) return Number.NaN;
      break;
    }
    reportTwice(record, 15);
    return Number.NaN;
  }

  #choose(record: CmepRecord, index: number, wall: number, previous: number): number {
    const first = this.#clock.toUtc(wall);
    if (Number.isNaN(first) && !Number.isNaN(wall)) reportGap(record, 15 + 3 * index);
    if (Number.isNaN(previous) || first > previous) return first;
    const second = this.#clock.toUtc(wall, true);
    return second > previous ? second : first;
  }

  #remember(key: string, last: number): void {
    if (this.#lastOf.size < maxLocalSeries || this.#lastOf.has(key)) this.#lastOf.set(key, last);
    else this.isCapped = true;
  }
}

function toSeriesKey({ sender, identity, commodity, unit }: HeaderCheck): string {
  return [sender, identity.meter, identity.account, identity.channel, commodity, unit].join('\0');
}
