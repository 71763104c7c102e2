import { hourMs, type Instant, isZone, minuteMs, toWallClock } from '../../storage/model/time.ts';
import { isoZone } from '../../storage/model/trade-day.ts';

/** How the ISO's words about an error can name an interval's end, with the zone that is meant. */
interface TimePattern {
  /** Finds year, month, day, hour and minute by these names. */
  readonly find: RegExp;
  readonly zone: 'UTC' | typeof isoZone;
}

/**
 * No text of the ISO's is published (fact sheet, 4.3), so what can stand in its words is a table. What is found counts
 * only if the part holds such an interval.
 */
const timePatterns: readonly TimePattern[] = [
  {
    find: /\b(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::\d\d)?(?:\.0+)?(?:Z| ?GMT| ?UTC)?(?!\d)/g,
    zone: 'UTC',
  },
  {
    find: /\b(?<month>\d\d?)\/(?<day>\d\d?)\/(?<year>\d{4}) (?<hour>\d\d?):(?<minute>\d\d)(?::\d\d)?\b/g,
    zone: isoZone,
  },
  { find: /\b(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)\b/g, zone: 'UTC' },
];

/** How the words can name a line of the file. */
export const linePattern = /\b(?:line|row|record)(?: (?:no\.?|number))?[ :#]{1,3}(\d{1,7})\b/gi;

/** What can be a resource id in the words. */
export const resourcePattern = /[A-Z0-9_-]{2,32}/g;

/** The instants that the words name, whether or not there are such intervals. */
export function findInstants(words: string): Instant[] {
  return timePatterns.flatMap(({ find, zone }) =>
    [...words.matchAll(find)].map(({ groups = {} }) => {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = [
        ...[groups.year, groups.month, groups.day, groups.hour, groups.minute],
      ].map(Number);
      return toInstant(Date.UTC(year, month - 1, day, hour, minute), zone);
    }),
  );
}

/** The instant at which a zone's wall clock shows what UTC shows at `wallAt`; in the hour that comes twice the first. */
function toInstant(wallAt: Instant, zone: string): Instant {
  if (zone === 'UTC' || !isZone(zone)) return wallAt;
  for (let hours = 7; hours <= 8; hours += 1) {
    const at = wallAt + hours * hourMs;
    const { year, month, day, hour, minute } = toWallClock(at, zone);
    if (Math.abs(Date.UTC(year, month - 1, day, hour, minute) - wallAt) < minuteMs) return at;
  }
  return wallAt;
}
