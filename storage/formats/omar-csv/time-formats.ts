import { dayMs, toDayNumber } from '../../model/time.ts';
import { copyShort } from './copy-short.ts';

const minutesPerDay = 1_440;

/** Days whose text is remembered; rows go through the same days again and again. */
const maxDays = 4_000;

/** Times to the minute in one fixed form. The 1,440 clock times of a day are made once. */
class TimeFormat {
  /** Such as `YYYY-MM-DDThh:mm:00Z`; the date stands before the clock. */
  readonly #pattern: string;
  readonly #clockAt: number;
  readonly #clocks: string[];
  /** The clock times one after the other. */
  readonly #clockBytes: Buffer;
  readonly #minutes: ReadonlyMap<string, number>;
  readonly #dates = new Map<number, string>();
  readonly #days = new Map<string, number>();
  #writtenDay = Number.NaN;
  #writtenDate = Buffer.alloc(0);

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#clockAt = pattern.indexOf('hh');
    const clock = pattern.slice(this.#clockAt);
    this.#clocks = Array.from({ length: minutesPerDay }, (_, minute) =>
      clock.replace('hh', toTwoDigits(Math.floor(minute / 60))).replace('mm', toTwoDigits(minute % 60)),
    );
    this.#clockBytes = Buffer.from(this.#clocks.join(''), 'latin1');
    this.#minutes = new Map(this.#clocks.map((text, minute) => [text, minute]));
  }

  /** @param minutes calendar minutes since 1970-01-01 00:00, of the years 0 to 9999 */
  toText(minutes: number): string {
    const day = Math.floor(minutes / minutesPerDay);
    const date = this.#dates.get(day) ?? this.#keepDay(day);
    return `${date}${this.#clocks[Math.floor(minutes - day * minutesPerDay)]}`;
  }

  /** Characters of a time. */
  get length(): number {
    return this.#pattern.length;
  }

  /** Writes what `toText` gives as bytes from `at` on; gives the place after it. */
  write(minutes: number, into: Uint8Array, at: number): number {
    const day = Math.floor(minutes / minutesPerDay);
    if (day !== this.#writtenDay) {
      this.#writtenDate = Buffer.from(this.#dates.get(day) ?? this.#keepDay(day), 'latin1');
      this.#writtenDay = day;
    }
    const afterDate = copyShort(this.#writtenDate, 0, this.#clockAt, into, at);
    const clockBytes = this.#pattern.length - this.#clockAt;
    const clock = Math.floor(minutes - day * minutesPerDay) * clockBytes;
    return copyShort(this.#clockBytes, clock, clock + clockBytes, into, afterDate);
  }

  /** Calendar minutes, undefined when the text is no real date and time of the form. */
  findMinutes(text: string): number | undefined {
    const minute = this.#minutes.get(text.slice(this.#clockAt));
    if (minute === undefined) return undefined;
    const date = text.slice(0, this.#clockAt);
    const day = this.#days.get(date) ?? this.#findDay(date);
    return day === undefined ? undefined : day * minutesPerDay + minute;
  }

  #findDay(date: string): number | undefined {
    const [year = 0, month = 0, day = 0] = ['YYYY', 'MM', 'DD'].map((part) => {
      const at = this.#pattern.indexOf(part);
      return Number(date.slice(at, at + part.length));
    });
    const number = toDayNumber(year, month, day);
    return !Number.isNaN(number) && this.#keepDay(number) === date ? number : undefined;
  }

  #keepDay(day: number): string {
    if (this.#dates.size >= maxDays) {
      this.#dates.clear();
      this.#days.clear();
    }
    const [year = '', month = '', date = ''] = new Date(day * dayMs).toISOString().slice(0, 10).split('-');
    const pattern = this.#pattern.slice(0, this.#clockAt);
    const text = pattern.replace('YYYY', year).replace('MM', month).replace('DD', date);
    this.#dates.set(day, text);
    this.#days.set(text, day);
    return text;
  }
}

function toTwoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Forms of time that a layout may have. The first says that it is UTC, so it is for GMT only. */
export const omarTimeFormats = {
  iso: new TimeFormat('YYYY-MM-DDThh:mm:00Z'),
  digits: new TimeFormat('YYYYMMDDhhmm'),
  slashes: new TimeFormat('MM/DD/YYYY hh:mm'),
};
export type OmarTimeFormat = keyof typeof omarTimeFormats;
