const minutesPerDay = 1_440;

/** A number of digits at a place of the text; -1 when one of them is no digit. */
function readDigits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days of a month, from 1; 29 February only in leap years. */
function toDaysOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970 of `CCYYMMDD`; undefined when it is no real date. */
export function findDay(text: string): number | undefined {
  if (text.length !== 8) return undefined;
  const year = readDigits(text, 0, 4);
  const month = readDigits(text, 4, 2);
  const day = readDigits(text, 6, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > toDaysOfMonth(year, month)) return undefined;
  // Years from March on, so that the leap day is the last.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** Minutes of the day of `HHMM`, seconds and decimals of seconds allowed behind; undefined when it is no time. */
export function findTime(text: string): number | undefined {
  const hour = readDigits(text, 0, 2);
  const minute = readDigits(text, 2, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;
  return text.length === 4 || /^[0-5]\d\d{0,2}$/.test(text.slice(4)) ? hour * 60 + minute : undefined;
}

/** Calendar minutes since 1970-01-01 00:00, in no zone, of a day and a time of it. */
export function toCalendarMinutes(day: number, time: number): number {
  return day * minutesPerDay + time;
}
