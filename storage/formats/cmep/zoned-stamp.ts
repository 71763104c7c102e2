import { ZoneClock } from '../../model/zone-clock.ts';
import type { CmepRecord } from './fields/record.ts';

/** The clock of a zone; none for UTC. */
export function toClock(zone: string | undefined): ZoneClock | undefined {
  return zone === undefined ? undefined : new ZoneClock(zone);
}

/**
 * The instant of a stamp that stands alone, in minutes of UTC: of the two in the hour that autumn repeats the first,
 * with a warning; NaN, with an error, for a time that spring leaves out.
 *
 * @param wall the stamp as it stands, minutes since 1970; NaN stays NaN
 * @param clock undefined when the stamp is UTC
 */
export function readZoned(
  record: CmepRecord,
  number: number,
  wall: number,
  clock: ZoneClock | undefined,
): number {
  if (clock === undefined || Number.isNaN(wall)) return wall;
  const instant = clock.toUtc(wall);
  if (Number.isNaN(instant)) reportGap(record, number);
  else if (clock.toUtc(wall, true) !== instant) reportTwice(record, number);
  return instant;
}

export function reportGap(record: CmepRecord, number: number): void {
  record.fault('E_LOCAL_GAP', number, 'The clocks of the zone skipped this time: spring left the hour out.');
}

export function reportTwice(record: CmepRecord, number: number): void {
  const message = 'The clocks of the zone showed this time twice; it is taken for the first (daylight time).';
  record.fault('W_LOCAL_TWICE', number, message);
}
