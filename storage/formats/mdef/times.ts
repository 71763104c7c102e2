import { hourMs, type Instant, minuteMs, toDayNumber, toWallClock } from '../../model/time.ts';
import type { MdefProfile } from './profiles.ts';

const minutesPerDay = 1_440;

/** Calendar minutes since 1970-01-01 00:00 of `YYYYMMDDHHMM`, 2400 allowed; undefined when it is no real time. */
export function findCalendarMinutes(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const dayNumber = toDayNumber(year, month, day);
  const isReal = new Date(dayNumber * minutesPerDay * minuteMs)
    .toISOString()
    .startsWith(`${match[1]}-${match[2]}-${match[3]}`);
  const isTime = (hour < 24 && minute < 60) || (hour === 24 && minute === 0);
  return isReal && isTime ? dayNumber * minutesPerDay + hour * 60 + minute : undefined;
}

/**
 * The instant of calendar minutes: by the profile's fixed offset, or, with the DST flag, on the wall clock of its zone
 * (the first of two in autumn; standard time for the hour that spring leaves out).
 */
export function toInstant(calendarMinutes: number, isPrevailing: boolean, profile: MdefProfile): Instant {
  const standard = (calendarMinutes - profile.utcOffsetMinutes) * minuteMs;
  if (!isPrevailing) return standard;
  const daylight = standard - hourMs;
  const clock = toWallClock(daylight, profile.prevailingZone);
  const shown =
    toDayNumber(clock.year, clock.month, clock.day) * minutesPerDay + clock.hour * 60 + clock.minute;
  return shown === calendarMinutes ? daylight : standard;
}
