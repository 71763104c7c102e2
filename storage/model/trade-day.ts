import { dayMs, hourMs, type Instant, toWallClock } from './time.ts';

/** The zone whose days are the ISO's trade days. */
export const isoZone = 'America/Los_Angeles';

/** A trade day as `ccyy-mm-dd`; days compare as text. */
export type TradeDay = string;

/** The trade day of the interval that ends at `endAt`: the one that ends at midnight is the last of its day. */
export function toTradeDay(endAt: Instant): TradeDay {
  const { year, month, day } = toWallClock(endAt - 1, isoZone);
  return [String(year).padStart(4, '0'), pad(month), pad(day)].join('-');
}

/** When a trade day begins: midnight in the ISO's zone, which no change of its clocks passes over. */
export function toDayStart(day: TradeDay): Instant {
  const utc = Date.parse(`${day}T00:00Z`);
  for (let hours = 0; hours < 24; hours += 1) {
    const at = utc + hours * hourMs;
    if (toTradeDay(at + 1) === day) return at;
  }
  throw new Error(`Cannot find where the day ${day} begins`);
}

/** The last day that has four digits of a year, which formats take. */
const lastDay = '9999-12-31';

/** When a trade day ends: when the next begins. */
export function toDayEnd(day: TradeDay): Instant {
  return day === lastDay ? toDayStart(day) + dayMs : toDayStart(toNextDay(day));
}

/** The day after. */
function toNextDay(day: TradeDay): TradeDay {
  return new Date(Date.parse(`${day}T00:00Z`) + dayMs).toISOString().slice(0, 10);
}

/** `toTradeDay` for many instants: remembers hours, which a day never begins within. */
export function createTradeDayFinder(): (endAt: Instant) => TradeDay {
  const days = new Map<number, TradeDay>();
  let lastHour = Number.NaN;
  let lastDay = '';
  return (endAt) => {
    const hour = Math.floor((endAt - 1) / hourMs);
    if (hour === lastHour) return lastDay;
    lastHour = hour;
    lastDay = days.get(hour) ?? toTradeDay(endAt);
    days.set(hour, lastDay);
    return lastDay;
  };
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
