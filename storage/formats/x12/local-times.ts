import { type Instant, minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';

/**
 * The instants at which the clock shows given calendar minutes: none in the hour that spring leaves out, two (the
 * earlier first) in the one that autumn has twice, else one.
 */
export function findInstants(clock: ZoneClock, localMinutes: number): readonly Instant[] {
  const earlier = clock.toUtc(localMinutes);
  if (Number.isNaN(earlier)) return [];
  const later = clock.toUtc(localMinutes, true);
  return earlier === later ? [earlier * minuteMs] : [earlier * minuteMs, later * minuteMs];
}
