import { minuteMs } from '../../storage/model/time.ts';
import { createTradeDayFinder, toDayEnd, toDayStart } from '../../storage/model/trade-day.ts';
import type { MeterDay } from '../../storage/ports/resources.ts';
import type { SourcedRow } from './to-omar-rows.ts';

/** Every interval length the ISO takes is a multiple of it. */
const slotMs = 5 * minuteMs;

/** The trade days of a correction's meters that it holds only in part, and how they fill up. */
export interface IncompleteDays {
  /** What to look for in earlier postings. */
  readonly days: readonly MeterDay[];
  /** Whether an interval belongs to a day that is to be completed. */
  isWanted(measured: Pick<MeterDay, 'meter' | 'channel' | 'unit'>, endAt: number): boolean;
  /**
   * Takes an older row where nothing newer lies; postings are given from the newest to the oldest.
   *
   * @returns why it can neither be taken nor left out: it lies partly under newer ones of another length
   */
  add(row: SourcedRow): string | undefined;
  /** The rows that were taken. */
  readonly added: readonly SourcedRow[];
}

interface Day extends MeterDay {
  readonly taken: Set<number>;
}

/**
 * Which days a correction leaves incomplete (ruling 25). Newer intervals cover older ones as they lie in time, whatever
 * their lengths, so that no energy is counted twice.
 */
export function findIncompleteDays(rows: readonly SourcedRow[]): IncompleteDays {
  const toDay = createTradeDayFinder();
  const byDay = new Map<string, Day>();
  const keyOf = (meter: string, channel: string, unit: string, endAt: number) =>
    [meter, channel, unit, toDay(endAt)].join('\0');
  for (const row of rows) {
    const { meter, channel, postedUnit: unit, endAt } = row;
    const key = keyOf(meter, channel, unit, endAt);
    let day = byDay.get(key);
    if (day === undefined) {
      const name = toDay(endAt);
      day = {
        meter,
        channel,
        unit,
        startAt: toDayStart(name),
        endAt: toDayEnd(name),
        taken: new Set(),
      };
      byDay.set(key, day);
    }
    for (const slot of toSlots(row)) day.taken.add(slot);
  }
  for (const [key, { taken, startAt, endAt }] of byDay) {
    if (taken.size >= (endAt - startAt) / slotMs) byDay.delete(key);
  }
  const added: SourcedRow[] = [];
  return {
    days: [...byDay.values()].map(({ taken: _taken, ...day }) => day),
    added,
    isWanted: ({ meter, channel, unit }, endAt) => byDay.has(keyOf(meter, channel, unit, endAt)),
    add(row) {
      const { meter, channel, postedUnit, endAt } = row;
      const taken = byDay.get(keyOf(meter, channel, postedUnit, endAt))?.taken;
      if (taken === undefined) return undefined;
      const slots = toSlots(row);
      const covered = slots.filter((slot) => taken.has(slot)).length;
      if (covered === slots.length) return undefined;
      if (covered > 0) {
        const until = new Date(endAt).toISOString();
        return `meter ${meter}: the correction covers a part of the ${row.intervalMinutes} minutes that end at ${until}`;
      }
      for (const slot of slots) taken.add(slot);
      added.push(row);
      return undefined;
    },
  };
}

function toSlots({ endAt, intervalMinutes }: SourcedRow): number[] {
  const last = endAt / slotMs;
  return Array.from({ length: (intervalMinutes * minuteMs) / slotMs }, (_, at) => last - at);
}
