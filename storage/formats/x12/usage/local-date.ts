import { type Instant, minuteMs } from '../../../model/time.ts';
import type { ZoneClock } from '../../../model/zone-clock.ts';
import { type dateCodes, instantFormat, timeCodes } from '../codes.ts';
import { findInstants } from '../local-times.ts';
import { toX12Date } from '../write-envelope.ts';

/**
 * The DTM of the start or end of a period: California's form, or, in the hour that autumn has twice, the one with a
 * time code, which says which of the two is meant (edi867 facts, section 4.6).
 */
export function toDateSegment(
  code: (typeof dateCodes)['start' | 'end'],
  at: Instant,
  clock: ZoneClock,
): readonly string[] {
  const utcMinutes = at / minuteMs;
  const localMinutes = clock.toWall(utcMinutes);
  const { date, time } = toX12Date(at, clock);
  if (findInstants(clock, localMinutes).length === 1)
    return ['DTM', code, '', '', '', instantFormat, `${date}${time}`];
  const offset = localMinutes - utcMinutes;
  const [timeCode = ''] = Object.entries(timeCodes).find(([, minutes]) => minutes === offset) ?? [];
  if (timeCode === '')
    throw new Error(`Cannot write X12: there is no time code for ${offset} minutes from UTC`);
  return ['DTM', code, date, time, timeCode];
}
