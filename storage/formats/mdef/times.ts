import { dayMs, hourMs, type Instant, minuteMs, toDayNumber, toWallClock } from '../../model/time.ts';
import type { MdefProfile } from './profiles.ts';

const minutesPerDay = 1_440;

/** Calendar minutes since 1970-01-01 00:00 of `YYYYMMDDHHMM`, 2400 allowed; undefined when it is no real time. */
export function findCalendarMinutes(text: string): number | undefined {
  if (!/^[1-9]\d{11}$/.test(text)) return undefined;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  const [hour, minute] = [Number(text.slice(8, 10)), Number(text.slice(10))];
  const firstOfMonth = toDayNumber(year, month, 1);
  const isDay =
    month >= 1 && month <= 12 && day >= 1 && day <= toDayNumber(year, month + 1, 1) - firstOfMonth;
  const isTime = (hour < 24 && minute < 60) || (hour === 24 && minute === 0);
  return isDay && isTime ? (firstOfMonth + day - 1) * minutesPerDay + hour * 60 + minute : undefined;
}

/**
 * `YYYYMMDDHHMM` of an instant by the profile's fixed offset, cut to the minute.
 *
 * @param midnight the day that midnight is written as belonging to: 0000 of the day it begins, 2400 of the day it ends
 */
export function toTimeText(at: Instant, profile: MdefProfile, midnight: '0000' | '2400' = '0000'): string {
  const minutes = Math.floor(at / minuteMs) + profile.utcOffsetMinutes;
  const isMidnight = minutes % minutesPerDay === 0;
  const day = Math.floor(minutes / minutesPerDay) - (isMidnight && midnight === '2400' ? 1 : 0);
  const [date = ''] = new Date(day * dayMs).toISOString().split('T');
  const minute = minutes - Math.floor(minutes / minutesPerDay) * minutesPerDay;
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}`;
  return `${date.replaceAll('-', '')}${isMidnight ? midnight : clock}`;
}

/**
 * The instants of calendar minutes: one by the profile's fixed offset; with the DST flag those at which the wall clock
 * of its zone shows them, two in the hour that autumn repeats (the earlier first), standard time in the one that spring
 * leaves out.
 */
export function toInstants(
  calendarMinutes: number,
  isPrevailing: boolean,
  profile: MdefProfile,
): readonly Instant[] {
  const standard = (calendarMinutes - profile.utcOffsetMinutes) * minuteMs;
  if (!isPrevailing) return [standard];
  const shown = [standard - hourMs, standard].filter((at) => {
    const { year, month, day, hour, minute } = toWallClock(at, profile.prevailingZone);
    return toDayNumber(year, month, day) * minutesPerDay + hour * 60 + minute === calendarMinutes;
  });
  return shown.length === 0 ? [standard] : shown;
}
