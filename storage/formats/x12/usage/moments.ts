import { minuteMs } from '../../../model/time.ts';
import type { ZoneClock } from '../../../model/zone-clock.ts';
import { instantFormat, timeCodes } from '../codes.ts';
import { findDay, findTime, toCalendarMinutes } from '../dates.ts';
import { findInstants } from '../local-times.ts';
import type { Segment } from '../segment.ts';
import type { Moment } from './meter-loop.ts';

const dateMessage = 'Expected a real date as CCYYMMDD.';
const timeMessage = 'Expected a time as HHMM, from 0000 to 2359; midnight is 0000 of the next day.';

/**
 * Reads a DTM: California's form with `DT` and CCYYMMDDHHMM in DTM06, or the eastern one with the date in DTM02, the
 * time in DTM03 (0000 when left out) and a time code in DTM04 (edi867 facts, section 4.6). Reports what is wrong.
 */
export function findMoment(segment: Segment, clock: ZoneClock): Moment | undefined {
  const isPeriodForm = segment.isEmpty(2);
  const read = isPeriodForm ? readPeriod(segment) : readDateTime(segment);
  if (read === undefined) return undefined;
  const { localMinutes, code } = read;
  const offset = code === '' ? 'local' : timeCodes[code];
  const instants =
    typeof offset === 'number' ? [(localMinutes - offset) * minuteMs] : findInstants(clock, localMinutes);
  const n = isPeriodForm ? 6 : 3;
  if (instants.length === 0) {
    segment.fault('E_LOCAL_TIME', n, 'The clock leaves this time out on this day, in spring.');
    return undefined;
  }
  const text = isPeriodForm ? segment.text(6) : `${segment.text(2)}${segment.text(3)}`;
  return { instants, place: segment.placeOf(isPeriodForm ? 6 : 2), text };
}

interface Read {
  readonly localMinutes: number;
  /** DTM04; empty when there is none. */
  readonly code: string;
}

function readPeriod(segment: Segment): Read | undefined {
  if (!segment.isEmpty(3) || !segment.isEmpty(4)) {
    segment.fault('E_CONDITION', 2, 'A time needs its date before it.');
    return undefined;
  }
  if (segment.isEmpty(5) || segment.isEmpty(6)) {
    segment.fault(
      'E_CONDITION',
      segment.isEmpty(5) ? 5 : 6,
      `Expected a date, or ${instantFormat} and CCYYMMDDHHMM.`,
    );
    return undefined;
  }
  if (segment.text(5) !== instantFormat) {
    segment.fault('E_CODE', 5, `Expected ${instantFormat}, for CCYYMMDDHHMM.`);
    return undefined;
  }
  const text = segment.text(6);
  const day = findDay(text.slice(0, 8));
  const time = text.length === 12 ? findTime(text.slice(8)) : undefined;
  if (day === undefined) segment.fault('E_DATE', 6, 'Expected CCYYMMDDHHMM, with a real date.');
  else if (time === undefined) segment.fault('E_TIME', 6, timeMessage);
  if (day === undefined || time === undefined) return undefined;
  return { localMinutes: toCalendarMinutes(day, time), code: '' };
}

function readDateTime(segment: Segment): Read | undefined {
  const day = findDay(segment.text(2));
  const time = segment.isEmpty(3) ? 0 : findTime(segment.text(3));
  const code = segment.text(4);
  if (day === undefined) segment.fault('E_DATE', 2, dateMessage);
  if (time === undefined) segment.fault('E_TIME', 3, timeMessage);
  if (!segment.isEmpty(5) || !segment.isEmpty(6)) {
    const message = 'A date stands in DTM02 or in DTM06, not in both.';
    segment.fault('E_EXCLUSION', segment.isEmpty(6) ? 5 : 6, message);
    return undefined;
  }
  if (code !== '' && !Object.hasOwn(timeCodes, code)) {
    segment.fault('E_CODE', 4, `Expected ${Object.keys(timeCodes).join(', ')}.`);
    return undefined;
  }
  if (code !== '' && segment.isEmpty(3)) {
    segment.fault('E_CONDITION', 3, 'A time code needs its time before it.');
    return undefined;
  }
  if (day === undefined || time === undefined) return undefined;
  return { localMinutes: toCalendarMinutes(day, time), code };
}
