/**
 * Instants and wall clocks. An instant is a number of milliseconds since 1970-01-01T00:00Z; names end in `At`
 * (`postedAt`). A wall clock is what a clock on the wall of a zone shows; it has no instant of its own.
 */
export type Instant = number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The wall clock of a zone, to the minute. `month` is 1–12. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether the zone is one this machine's time-zone data knows (`America/Los_Angeles`, `UTC`). */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the wall clock of `zone` shows at `at`, to the minute. The zone must be known (`isZone`). */
export function toWallClock(at: Instant, zone: string): WallClock {
  const parts: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(at)) {
    if (part.type !== 'literal') parts[part.type] = Number(part.value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

/** Days from 1970-01-01 to a calendar day of the Gregorian calendar; `month` is 1–12. */
export function toDayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / dayMs);
}

/** Listings show the same instants again and again, and making the text costs ten times what finding it does. */
const isoTexts = new Map<Instant, string>();
const maxIsoTexts = 20_000;

/** ISO 8601 in UTC with milliseconds, as JSON answers carry it. */
export function toIsoText(at: Instant): string {
  let text = isoTexts.get(at);
  if (text === undefined) {
    text = new Date(at).toISOString();
    if (isoTexts.size >= maxIsoTexts) isoTexts.clear();
    isoTexts.set(at, text);
  }
  return text;
}

/** The same day and time some calendar months later, in UTC; the last day of the month where that day is missing. */
export function addMonths(at: Instant, months: number): Instant {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
