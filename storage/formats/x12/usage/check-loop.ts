import { type Instant, minuteMs } from '../../../model/time.ts';
import type { ReportKind } from '../codes.ts';
import type { Segment } from '../segment.ts';
import { checkUsage } from './check-usage.ts';
import type { MeterLoop, Moment } from './meter-loop.ts';

/**
 * Checks a PTD loop as a whole, once it has ended, and fixes its period (edi867 facts, sections 5.5, 5.6 and 7).
 * Faults name the PTD, or the segment that is wrong.
 */
export function checkLoop(loop: MeterLoop, kind: ReportKind, segment: Segment): void {
  checkIdentity(loop, segment);
  const { start, end, place } = loop;
  if (loop.minutes === -1 && !loop.hasBadReference)
    segment.missing('E_MISSING', 'REF', 'The loop has no REF*MT, its unit and interval.', place);
  if (start === undefined || end === undefined) {
    // A faulty one was reported where it stands.
    if (!loop.hasBadDate)
      segment.missing('E_MISSING', 'DTM', 'The loop has no period: DTM*150 and DTM*151.', place);
    return;
  }
  if (loop.kind !== 'summary') checkKind(loop, kind, segment);
  if (loop.minutes > 0) fixInterval(loop, start, end, segment);
  else if (loop.minutes === 0) fixPeriod(loop, start, end, segment);
}

function checkIdentity(loop: MeterLoop, segment: Segment): void {
  if (loop.kind === 'metered' && loop.meter === '' && !loop.hasBadReference)
    segment.missing('E_METER', 'REF', 'The loop has no REF*MG, the meter.', loop.place);
}

function checkKind(loop: MeterLoop, kind: ReportKind, segment: Segment): void {
  const found: ReportKind = loop.minutes > 0 ? 'interval' : 'cumulative';
  if (kind === 'mixed' || loop.minutes < 0 || found === kind) return;
  segment.faultAt('E_KIND', loop.place, '', `BPT04 says ${kind} data, the loop holds ${found} data.`);
}

/** The count decides between the two instants of an autumn hour; where it cannot, the period has no meaning. */
function fixInterval(loop: MeterLoop, start: Moment, end: Moment, segment: Segment): void {
  const elapsed = loop.values * loop.minutes * minuteMs;
  const pairs = start.instants.flatMap((from) => end.instants.map((to) => [from, to] as const));
  const [first, second] = pairs.filter(([from, to]) => to - from === elapsed);
  if (second !== undefined) {
    segment.faultAt(
      'E_LOCAL_TIME',
      start.place,
      start.text,
      'Start and end lie in the hour that autumn has twice: say which with DTM04 PD or PS.',
    );
  } else if (first !== undefined) {
    [loop.startAt, loop.endAt] = first;
  } else {
    reportCount(loop, start, end, segment);
  }
}

function reportCount(loop: MeterLoop, start: Moment, end: Moment, segment: Segment): void {
  const from = start.instants[0] as Instant;
  const to = end.instants.at(-1) as Instant;
  if (to <= from) {
    segment.faultAt('E_PERIOD', end.place, end.text, `The period ends at ${end.text}, not after its start.`);
    return;
  }
  const expected = (to - from) / (loop.minutes * minuteMs);
  const fit = Number.isInteger(expected) ? `there are ${expected}` : `no whole number fits`;
  const message = `The loop holds ${loop.values} intervals of ${loop.minutes} minutes; from ${start.text} to ${end.text} ${fit}.`;
  segment.faultAt('E_INTERVALS', loop.place, '', message);
}

function fixPeriod(loop: MeterLoop, start: Moment, end: Moment, segment: Segment): void {
  const [from, otherFrom] = start.instants;
  const [to, otherTo] = end.instants;
  if (otherFrom !== undefined || otherTo !== undefined) {
    const { place, text } = otherFrom === undefined ? end : start;
    const message = 'The clock shows this time twice, in autumn: say which with DTM04 PD or PS.';
    segment.faultAt('E_LOCAL_TIME', place, text, message);
  } else if (from === undefined || to === undefined || to <= from) {
    segment.faultAt('E_PERIOD', end.place, end.text, `The period ends at ${end.text}, not after its start.`);
  } else {
    loop.startAt = from;
    loop.endAt = to;
    checkUsage(loop, segment);
  }
}
