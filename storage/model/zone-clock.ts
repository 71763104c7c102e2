import { minuteMs, toWallClock } from './time.ts';

const minutesPerDay = 1_440;
/** Files cover days to years; more days than these are only met in damaged ones. */
const maxDays = 10_000;

/** What the zone adds to UTC over one UTC day: `before` up to minute `changesAt`, `after` from there on. */
interface DayOffsets {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

/**
 * A zone's wall clock in minutes, exact and fast enough for every stamp of a file: what a day's offset is, is asked
 * of the time-zone data once. Minutes are counted from 1970-01-01 00:00, in UTC or, as a calendar counts, on the wall.
 */
export class ZoneClock {
  readonly #zone: string;
  readonly #days = new Map<number, DayOffsets>();

  /** @param zone one that `isZone` knows */
  constructor(zone: string) {
    this.#zone = zone;
  }

  /** What the wall shows at a minute of UTC. */
  toWall(utcMinutes: number): number {
    return utcMinutes + this.#offsetAt(utcMinutes);
  }

  /**
   * The minute of UTC at which the wall shows `wallMinutes`: of the two in the hour that autumn repeats the earlier
   * one, or the later. NaN for a time that spring leaves out.
   */
  toUtc(wallMinutes: number, isLater = false): number {
    // Zones change by hours and far less often than every other day: one of the two offsets holds.
    const old = this.#offsetAt(wallMinutes - minutesPerDay);
    const next = this.#offsetAt(wallMinutes + minutesPerDay);
    if (old === next) return wallMinutes - old;
    const fitting = [old, next]
      .filter((offset) => this.#offsetAt(wallMinutes - offset) === offset)
      .map((offset) => wallMinutes - offset);
    if (fitting.length === 0) return Number.NaN;
    return isLater ? Math.max(...fitting) : Math.min(...fitting);
  }

  #offsetAt(utcMinutes: number): number {
    if (Number.isNaN(utcMinutes)) return Number.NaN;
    const { before, after, changesAt } = this.#offsetsOf(Math.floor(utcMinutes / minutesPerDay));
    return utcMinutes < changesAt ? before : after;
  }

  #offsetsOf(day: number): DayOffsets {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= maxDays) this.#days.clear();
    const offsets = this.#findOffsets(day * minutesPerDay);
    this.#days.set(day, offsets);
    return offsets;
  }

  #findOffsets(start: number): DayOffsets {
    let last = start + minutesPerDay - 1;
    const before = this.#ask(start);
    const after = this.#ask(last);
    if (before === after) return { before, after, changesAt: start };
    let first = start;
    while (last - first > 1) {
      const middle = Math.floor((first + last) / 2);
      if (this.#ask(middle) === before) first = middle;
      else last = middle;
    }
    return { before, after, changesAt: last };
  }

  #ask(utcMinutes: number): number {
    const { year, month, day, hour, minute } = toWallClock(utcMinutes * minuteMs, this.#zone);
    // Date.UTC takes the years 0 to 99 for others.
    const date = new Date(0).setUTCFullYear(year, month - 1, day);
    return date / minuteMs + hour * 60 + minute - utcMinutes;
  }
}
