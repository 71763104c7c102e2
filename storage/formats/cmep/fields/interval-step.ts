import { readDigits } from './stamp-reader.ts';

/** A time interval: whole months, and minutes for the rest. Both zero: no interval (an instant, or none given). */
export interface IntervalStep {
  readonly months: number;
  readonly minutes: number;
}

const minutesPerDay = 1_440;
export const noStep: IntervalStep = { months: 0, minutes: 0 };

/**
 * `MMDDHHMM` (CMEP facts, section 7), or undefined when it is not 8 digits, a part is out of range, or it is below a
 * day and does not divide the day (below an hour: the hour).
 *
 * @param maxMinutes most that the last part may say; strict is 59
 */
export function findIntervalStep(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxMinutes = 59,
): IntervalStep | undefined {
  if (end === start) return noStep;
  if (end - start !== 8 || readDigits(bytes, start, 8) < 0) return undefined;
  const [months, days, hours, minutes] = [0, 2, 4, 6].map((at) => readDigits(bytes, start + at, 2)) as [
    number,
    number,
    number,
    number,
  ];
  if (months > 12 || days > 31 || hours > 23 || minutes > maxMinutes) return undefined;
  const ofDay = hours * 60 + minutes;
  const isBelowDay = months === 0 && days === 0 && ofDay > 0;
  if (isBelowDay && (ofDay < 60 ? 60 : minutesPerDay) % ofDay !== 0) return undefined;
  return { months, minutes: days * minutesPerDay + ofDay };
}

/**
 * The stamp one step after (`sign` 1) or before (-1), both in minutes since 1970 UTC; NaN for a step of months from
 * the 29th or later, which not every reader takes for the same day.
 */
export function toNextStamp(stamp: number, step: IntervalStep, sign: 1 | -1 = 1): number {
  if (step.months === 0) return stamp + sign * step.minutes;
  const date = new Date(stamp * 60_000);
  if (date.getUTCDate() > 28) return Number.NaN;
  date.setUTCMonth(date.getUTCMonth() + sign * step.months);
  return date.getTime() / 60_000 + sign * step.minutes;
}
