import { type Instant, minuteMs } from '../../../model/time.ts';
import { type dateCodes, instantFormat, timeCodes } from '../codes.ts';
import { toLocalMinutes } from '../local-times.ts';

type FindInstants = (localMinutes: number) => readonly Instant[];

/**
 * The DTM of the start or end of a period: California's form, or, in the hour that autumn has twice, the one with a time
 * code, which says which of the two is meant (edi867 facts, section 4.6).
 */
export function toDateSegment(
  code: (typeof dateCodes)['start' | 'end'],
  at: Instant,
  zone: string,
  findInstants: FindInstants,
): readonly string[] {
  const localMinutes = toLocalMinutes(at, zone);
  const text = new Date(localMinutes * minuteMs).toISOString().replace(/[-T:]/g, '').slice(0, 12);
  if (findInstants(localMinutes).length === 1) return ['DTM', code, '', '', '', instantFormat, text];
  const offset = localMinutes - at / minuteMs;
  const [timeCode = ''] = Object.entries(timeCodes).find(([, minutes]) => minutes === offset) ?? [];
  if (timeCode === '')
    throw new Error(`Cannot write X12: there is no time code for ${offset} minutes from UTC`);
  return ['DTM', code, text.slice(0, 8), text.slice(8), timeCode];
}
