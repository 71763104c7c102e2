import type { ZoneClock } from '../../model/zone-clock.ts';
import type { ReadingSet } from '../format.ts';
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
    const { sender, commodity, unit } = header;
    const isGiven = (i: number) => i < plainCount || !record.isEmpty(15 + 3 * i);
    for (let i = plainCount; i < count; i++) {
      stamps[i] = isGiven(i) ? interval.readStamp(record, i, Number.NaN) : Number.NaN;
    }
    const key = toSeriesKey({ ...header.identity, sender, commodity, unit });
    let previous = this.#lastOf.get(key) ?? findBefore(this.#clock, stamps, count, interval.step.minutes);
    if (previous === undefined) reportTwice(record, 15);
    previous ??= Number.NaN;
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

  #choose(record: CmepRecord, index: number, wall: number, previous: number): number {
    const instant = chooseInstant(this.#clock, wall, previous);
    if (Number.isNaN(instant) && !Number.isNaN(wall)) reportGap(record, 15 + 3 * index);
    return instant;
  }

  #remember(key: string, last: number): void {
    if (this.#lastOf.size < maxLocalSeries || this.#lastOf.has(key)) this.#lastOf.set(key, last);
    else this.isCapped = true;
  }
}

/** What readings have in common that follow each other in time. */
export function toSeriesKey(
  series: Pick<ReadingSet, 'sender' | 'meter' | 'account' | 'sdp' | 'channel' | 'commodity' | 'unit'>,
): string {
  const { sender, meter, account, sdp, channel, commodity, unit } = series;
  return [sender, meter, account, sdp, channel, commodity, unit].join('\0');
}

/** The instant of a stamp on the wall, after `previous` if it has two; NaN where spring left it out. */
export function chooseInstant(clock: ZoneClock, wall: number, previous: number): number {
  const first = clock.toUtc(wall);
  if (Number.isNaN(previous) || Number.isNaN(first) || first > previous) return first;
  const second = clock.toUtc(wall, true);
  return second > previous ? second : first;
}

/**
 * An instant to stand before the first record of a series, for {@link chooseInstant}; NaN where none is needed. Where
 * the first stamp comes twice, the even spacing of the record up to a stamp that comes once tells which of the two it
 * is; undefined when it does not.
 *
 * @param walls stamps on the wall, `count` of them; NaN where one was left out
 */
export function findBefore(
  clock: ZoneClock,
  walls: ArrayLike<number>,
  count: number,
  step: number,
): number | undefined {
  const first = clock.toUtc(walls[0] as number);
  const second = clock.toUtc(walls[0] as number, true);
  if (first === second || Number.isNaN(first)) return Number.NaN;
  for (let i = 1; i < count; i++) {
    const once = clock.toUtc(walls[i] as number);
    if (once !== clock.toUtc(walls[i] as number, true)) continue;
    if (once - second === i * step) return first;
    return once - first === i * step ? Number.NaN : undefined;
  }
  return undefined;
}
