import { minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';
import type { Reading, ReadingSet } from '../format.ts';
import type { LossReason } from '../writer.ts';
import { touLayout } from './fields/record-types.ts';
import type { CmepProfile } from './profile.ts';
import { findStampText } from './write-fields.ts';
import type { Head } from './write-head.ts';
import { toLine } from './write-line.ts';
import { findValue } from './write-triplets.ts';

/** One total, and the fields of the record that may hold it. */
interface TouTotal {
  /** Everything before Count. */
  readonly fields: string;
  readonly label: string;
  readonly triplet: string;
}

/** A record of MEPMD02 that gathers the labels of one meter, unit, season and period (CMEP facts, section 11). */
export class TouGroup {
  readonly #fields: string;
  readonly #profile: CmepProfile;
  readonly #labels = new Set<string>();
  readonly #triplets: string[] = [];

  constructor(fields: string, profile: CmepProfile) {
    this.#fields = fields;
    this.#profile = profile;
  }

  takes({ label }: TouTotal): boolean {
    return !this.#labels.has(label) && this.#labels.size < touLayout.maxGroups;
  }

  add({ label, triplet }: TouTotal): void {
    this.#labels.add(label);
    this.#triplets.push(triplet);
  }

  toLine(): string {
    return toLine(this.#fields, this.#triplets, this.#profile);
  }
}

/**
 * The total of a set, or undefined after losses. The channel is `season:label` or the label; without one it is TOTAL.
 *
 * @param clock of local-time stamps; undefined: UTC
 */
export function toTouHead(
  set: ReadingSet,
  readings: readonly Reading[],
  head: Head,
  profile: CmepProfile,
  clock: ZoneClock | undefined,
  onLoss: (reason: LossReason, count: number) => void,
): TouTotal | undefined {
  const at = set.channel.lastIndexOf(':');
  const season = set.channel.slice(0, Math.max(at, 0));
  const label = set.channel.slice(at + 1) || 'TOTAL';
  const [start, end] = [set.periodStartAt, set.periodEndAt].map((instant) => findPeriodText(instant, clock));
  const [reading, ...others] = readings.filter(({ endAt }) => endAt === set.periodEndAt);
  const isPeriod = start !== undefined && end !== undefined && set.periodEndAt > set.periodStartAt;
  const isKnown = profile.labels.has(label) && profile.seasons.has(season);
  if (!isKnown || !isPeriod || reading === undefined) {
    onLoss(isKnown ? 'boundary' : 'total', readings.length);
    return undefined;
  }
  // One value a label and period: the others are of other periods, which are not known.
  if (readings.length > 1) onLoss(others.length > 0 ? 'overlap' : 'interval', readings.length - 1);
  const value = findValue(reading, profile.writes, (reason) => onLoss(reason, 1));
  if (value === undefined) return undefined;
  const { touVersion } = profile.writes;
  const fields = ['MEPMD02', touVersion, ...head.fields, season, head.multiplier, start, end].join(
    profile.separator,
  );
  return { fields, label, triplet: [label, value.flag, value.value].join(profile.separator) };
}

/** A bound of a period; undefined where a reader would take it for another instant. */
function findPeriodText(instant: number, clock: ZoneClock | undefined): string | undefined {
  const minutes = instant / minuteMs;
  if (!Number.isInteger(minutes)) return undefined;
  if (clock === undefined) return findStampText(minutes);
  const wall = clock.toWall(minutes);
  return clock.toUtc(wall) === minutes ? findStampText(wall) : undefined;
}
