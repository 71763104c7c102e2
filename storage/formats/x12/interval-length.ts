const minutesPerDay = 1_440;

/**
 * Whether an interval of so many minutes fits into REF*MT: three digits that divide the hour, or hours that divide the
 * day.
 */
export function isIntervalLength(minutes: number): boolean {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 999) return false;
  return 60 % minutes === 0 || (minutes % 60 === 0 && minutesPerDay % minutes === 0);
}
