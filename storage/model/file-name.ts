import { MdmaError, toInvalid } from './errors.ts';
import { type Instant, toWallClock, type WallClock } from './time.ts';

declare const brand: unique symbol;

/**
 * The name of a daily file, `ccyymmddhhmm.dat` (BRO Attachment D). It is a wall-clock label in the mailbox's zone,
 * its minutes counted on the calendar: any real date with 00:00–23:59 is a name, on the spring day too (ruling 7).
 */
export type FileName = string & { readonly [brand]: 'FileName' };

/** How far ahead of the clock a name may lie before posting is refused, so that a clock jump poisons no mailbox. */
const maxAheadMinutes = 24 * 60;

const pattern = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})\.dat$/;

/** The name, or undefined when `text` is not twelve digits of a real date and time followed by `.dat`. */
export function findFileName(text: string): FileName | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  if (hour > 23 || minute > 59 || year < 1000) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? (text as FileName) : undefined;
}

/** The name, or an `invalid-request` that says what a name looks like. */
export function parseFileName(text: string): FileName {
  const name = findFileName(text);
  if (name === undefined) {
    throw toInvalid('Cannot read file name', {
      at: 'name',
      value: text,
      expected: 'ccyymmddhhmm.dat with a real date and time',
    });
  }
  return name;
}

/** Calendar minutes since 1970-01-01 00:00 of a wall clock; two clocks of one zone compare by it. */
function toMinutes(clock: WallClock): number {
  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute) / 60_000;
}

function toName(minutes: number): FileName {
  const digits = new Date(minutes * 60_000).toISOString().replace(/[-T:]/g, '').slice(0, 12);
  return `${digits}.dat` as FileName;
}

function nameToMinutes(name: FileName): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (pattern.exec(name) ?? [])
    .slice(1)
    .map(Number);
  return toMinutes({ year, month, day, hour, minute });
}

/**
 * The next name of a mailbox: the label of now or the last name plus one minute, whichever is later (ruling 7).
 *
 * @param now the instant of posting
 * @param zone the mailbox's zone
 * @param last the last name given in this mailbox, archived and deleted ones included
 * @throws `too-many-postings` when the name would lie more than 24 hours ahead of now
 */
export function toNextFileName(now: Instant, zone: string, last: FileName | undefined): FileName {
  const label = toMinutes(toWallClock(now, zone));
  const next = last === undefined ? label : Math.max(label, nameToMinutes(last) + 1);
  if (next - label > maxAheadMinutes) {
    throw new MdmaError(
      'too-many-postings',
      `Cannot name the next file: after ${last} it would lie more than 24 hours ahead of the clock`,
      { retryAfterSeconds: (next - label - maxAheadMinutes) * 60 },
    );
  }
  return toName(next);
}
