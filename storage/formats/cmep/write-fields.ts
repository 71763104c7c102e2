import { minuteMs } from '../../model/time.ts';
import { findDecimal, toFixedText, toPlainText } from '../decimal.ts';
import { toNextStamp } from './fields/interval-step.ts';

const maxFieldCharacters = 255;
const maxNumberCharacters = 16;
const maxRoundedPlaces = 5;
const minutesPerDay = 1_440;
const firstYear = 0;
const lastYear = 9_999;

/**
 * Text as a field of a record, in quotes where it has a separator inside or blanks at its border; undefined where no
 * reader would take it: with quotes, control characters or others than ASCII, or longer than a field.
 */
export function findFieldText(text: string, separator: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(text) || text.includes('"')) return undefined;
  const field = text.includes(separator) || /^ | $/.test(text) ? `"${text}"` : text;
  return field.length <= maxFieldCharacters ? field : undefined;
}

/** `CCYYMMDDHHMM` of minutes since 1970, or undefined outside the years 0000 to 9999. */
export function findStampText(minutes: number): string | undefined {
  const day = Math.floor(minutes / minutesPerDay);
  const date = findDateText(day);
  if (date === undefined) return undefined;
  const ofDay = minutes - day * minutesPerDay;
  return `${date}${toTwoDigits(Math.floor(ofDay / 60))}${toTwoDigits(ofDay % 60)}`;
}

/** Neighbouring stamps mostly share their date, whose text costs ten times the rest. */
let lastDay = Number.NaN;
let lastDate: string | undefined;

function findDateText(day: number): string | undefined {
  if (day === lastDay) return lastDate;
  const date = new Date(day * minutesPerDay * minuteMs);
  const year = date.getUTCFullYear();
  lastDay = day;
  lastDate =
    year >= firstYear && year <= lastYear ? date.toISOString().slice(0, 10).replaceAll('-', '') : undefined;
  return lastDate;
}

function toTwoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `MMDDHHMM` of an interval in minutes; undefined where the protocol has none of that length. */
export function findIntervalText(minutes: number): string | undefined {
  const days = Math.floor(minutes / minutesPerDay);
  const ofDay = minutes % minutesPerDay;
  const isWhole = Number.isInteger(minutes) && days <= 31;
  const isEven = days > 0 || (ofDay > 0 && (ofDay < 60 ? 60 : minutesPerDay) % ofDay === 0);
  if (!isWhole || !isEven) return undefined;
  return `00${[days, Math.floor(ofDay / 60), ofDay % 60].map(toTwoDigits).join('')}`;
}

/** `MMDDHHMM` of the whole months between two minutes of a calendar; empty where there are none. */
export function toMonthsText(start: number, end: number): string {
  const [from, to] = [new Date(start * minuteMs), new Date(end * minuteMs)];
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const isStep = months >= 1 && months <= 12 && toNextStamp(end, { months, minutes: 0 }, -1) === start;
  return isStep ? `${String(months).padStart(2, '0')}000000` : '';
}

/**
 * A number of at most 16 characters without exponent or plus, as it stands if it is one; rounded half to even where its
 * places do not fit. Undefined when `text` is no number, or its digits before the point are too many.
 */
export function findNumberText(text: string): { text: string; isRounded: boolean } | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && text.length <= maxNumberCharacters) return { text, isRounded: false };
  const decimal = findDecimal(text);
  if (decimal === undefined) return undefined;
  const plain = toPlainText(decimal);
  if (plain.length <= maxNumberCharacters) return { text: plain, isRounded: false };
  for (let places = maxRoundedPlaces; places >= 0; places--) {
    const rounded = findDecimal(toFixedText(decimal, places).text);
    const short = rounded === undefined ? plain : toPlainText(rounded);
    if (short.length <= maxNumberCharacters) return { text: short, isRounded: true };
  }
  return undefined;
}
