import { dayMs } from '../../model/time.ts';

const minutesPerDay = 1_440;

/** Days since 1970 of `CCYYMMDD`; undefined when it is no real date (29 February only in leap years). */
export function findDay(text: string): number | undefined {
  if (!/^\d{8}$/.test(text)) return undefined;
  const date = new Date(
    Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6))),
  );
  // Years below 100 are taken for 19xx, and days beyond their month run over: both read back as another text.
  const isReal = date.toISOString().slice(0, 10).replaceAll('-', '') === text;
  return isReal ? date.getTime() / dayMs : undefined;
}

/** Minutes of the day of `HHMM`, seconds and decimals of seconds allowed behind; undefined when it is no time. */
export function findTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d\d{0,2})?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** Calendar minutes since 1970-01-01 00:00, in no zone, of a day and a time of it. */
export function toCalendarMinutes(day: number, time: number): number {
  return day * minutesPerDay + time;
}
