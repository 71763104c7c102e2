import { dayMs, toDayNumber } from '../../model/time.ts';
import { AsciiText } from './ascii-text.ts';

const minutesPerDay = 1_440;

/** Days whose text is remembered; rows go through the same days again and again. */
const maxDays = 4_000;

/** Times to the minute in one fixed form. The 1,440 clock times of a day are made once. */
class TimeFormat {
  /** Such as `YYYY-MM-DDThh:mm:00Z`; the date stands before the clock. */
  readonly #pattern: string;
  readonly #clockAt: number;
  readonly #clocks: string[];
  readonly #clockTexts: AsciiText[] = [];
  readonly #minutes: ReadonlyMap<string, number>;
  readonly #dates = new Map<number, string>();
  readonly #days = new Map<string, number>();
  readonly #dateTexts = new Map<number, AsciiText>();
  #day = Number.NaN;
  #date = new AsciiText('');

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#clockAt = pattern.indexOf('hh');
    const clock = pattern.slice(this.#clockAt);
    this.#clocks = Array.from({ length: minutesPerDay }, (_, minute) =>
      clock.replace('hh', toTwoDigits(Math.floor(minute / 60))).replace('mm', toTwoDigits(minute % 60)),
    );
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

  /** Writes what `toText` gives from `at` on; gives the place after it. */
  write(minutes: number, view: DataView, at: number): number {
    const clock = this.#toClock(minutes);
    return clock.write(view, this.#date.write(view, at));
  }

  /** Whether what `toText` gives stands at `at`. */
  isAt(minutes: number, view: DataView, at: number): boolean {
    const clock = this.#toClock(minutes);
    return clock.isAt(view, at + this.#clockAt) && this.#date.isAt(view, at);
  }

  /** The clock time; the date before it is in `#date` then. */
  #toClock(minutes: number): AsciiText {
    const day = Math.floor(minutes / minutesPerDay);
    if (day !== this.#day) {
      const date = this.#dates.get(day) ?? this.#keepDay(day);
      this.#date = this.#dateTexts.get(day) ?? new AsciiText(date);
      this.#dateTexts.set(day, this.#date);
      this.#day = day;
    }
    const minute = Math.floor(minutes - day * minutesPerDay);
    let clock = this.#clockTexts[minute];
    if (clock === undefined) {
      clock = new AsciiText(this.#clocks[minute] as string);
      this.#clockTexts[minute] = clock;
    }
    return clock;
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
      this.#dateTexts.clear();
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
