import { dayMs, type Instant, minuteMs, toDayNumber, toWallClock } from '../../model/time.ts';
import { toCalendarMinutes } from './dates.ts';

/** Local times remembered: the loops of a file mostly share theirs. */
const maxKnown = 10_000;

/** Calendar minutes since 1970-01-01 00:00 that the wall clock of the zone shows. */
export function toLocalMinutes(at: Instant, zone: string): number {
  const { year, month, day, hour, minute } = toWallClock(at, zone);
  return toCalendarMinutes(toDayNumber(year, month, day), hour * 60 + minute);
}

/** A finder of the instants at which the clock of a zone shows given calendar minutes. */
export function createLocalTimes(zone: string): (localMinutes: number) => readonly Instant[] {
  const known = new Map<number, readonly Instant[]>();
  return (localMinutes) => {
    let found = known.get(localMinutes);
    if (found === undefined) {
      if (known.size >= maxKnown) known.clear();
      found = findInstants(localMinutes, zone);
      known.set(localMinutes, found);
    }
    return found;
  };
}

/** None in the hour that spring leaves out, two (the earlier first) in the one that autumn has twice, else one. */
function findInstants(localMinutes: number, zone: string): readonly Instant[] {
  const asUtc = localMinutes * minuteMs;
  const offsets = [asUtc - dayMs, asUtc + dayMs].map((at) => toLocalMinutes(at, zone) * minuteMs - at);
  const instants = [...new Set(offsets)].map((offset) => asUtc - offset);
  return instants.filter((at) => toLocalMinutes(at, zone) === localMinutes).sort((a, b) => a - b);
}
