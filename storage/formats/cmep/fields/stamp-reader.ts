const minutesPerDay = 1_440;
const highHalves = 0xf0f0f0f0 | 0;
const asciiZeros = 0x30303030;

/** Decimal digits as a number, or -1 when one of the bytes is no digit. `length` at most 15. */
export function readDigits(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let i = start; i < start + length; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1970-01-01 to a Gregorian date (proleptic), by arithmetic alone; the date must be real. */
function toDaysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Whether the day exists: 29 February only in leap years. */
function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

/** `CCYYMMDD` as days since 1970, or NaN when it is no real date. */
export function readDate(bytes: Uint8Array, at: number): number {
  const date = readDigits(bytes, at, 8);
  const year = Math.floor(date / 10_000);
  const month = Math.floor(date / 100) % 100;
  const day = date % 100;
  return date >= 0 && isRealDate(year, month, day) ? toDaysFromCivil(year, month, day) : Number.NaN;
}

/**
 * Reads `CCYYMMDDHHMM` into minutes since 1970. Neighbouring stamps mostly share their date, so the bytes of the last
 * date are remembered, and the four digits of the time are taken as one 32-bit word.
 */
export class StampReader {
  #dateHead = 0;
  #dateTail = 0;
  #dateMinutes = Number.NaN;

  /**
   * Minutes since 1970 of the 12 bytes at `at` (`view` shows the same bytes), or NaN when they are no real date and
   * time (24:00 included).
   */
  read({ bytes, view }: { bytes: Uint8Array; view: DataView }, at: number): number {
    const head = view.getInt32(at, true);
    const tail = view.getInt32(at + 4, true);
    if (head !== this.#dateHead || tail !== this.#dateTail) {
      this.#dateHead = head;
      this.#dateTail = tail;
      this.#dateMinutes = readDate(bytes, at) * minutesPerDay;
    }
    const time = view.getInt32(at + 8, true);
    // Four bytes 0x30–0x39: high halves 3 before and after adding 6 to each.
    const areDigits = (time & highHalves) === asciiZeros && ((time + 0x06060606) & highHalves) === asciiZeros;
    const hour = (time & 15) * 10 + ((time >> 8) & 15);
    const minute = ((time >> 16) & 15) * 10 + ((time >> 24) & 15);
    return areDigits && hour < 24 && minute < 60 ? this.#dateMinutes + hour * 60 + minute : Number.NaN;
  }
}
