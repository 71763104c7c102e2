import { readCodes } from '../codes.ts';
import { findNumber, numberMessage } from '../numbers.ts';
import type { Segment } from '../segment.ts';
import type { MeterLoop, UsageRow } from './meter-loop.ts';

/**
 * Reads a MEA with PRQ, and reports what is wrong with it; undefined when anything is (edi867 facts, section 4.7).
 *
 * @param labels label by MEA07
 */
export function findUsageRow(
  segment: Segment,
  loop: MeterLoop,
  labels: Readonly<Record<string, string>>,
): UsageRow | undefined {
  const before = segment.faults.errorCount;
  const reads = segment.isEmpty(1) ? 'AA' : segment.text(1);
  const qualities = Object.hasOwn(readCodes, reads) ? readCodes[reads] : undefined;
  if (qualities === undefined) segment.fault('E_CODE', 1, `Expected ${Object.keys(readCodes).join(', ')}.`);
  const label = findLabel(segment, loop, labels);
  if (loop.unit !== undefined && segment.text(4) !== loop.unit.code)
    segment.fault('E_UNITS', 4, `Expected ${loop.unit.code}, the unit of the loop.`);
  const usage = takeNumber(segment, 3);
  const beginRead = takeNumber(segment, 5);
  const endRead = takeNumber(segment, 6);
  if (segment.isEmpty(5) !== segment.isEmpty(6))
    segment.fault('E_CONDITION', segment.isEmpty(5) ? 5 : 6, 'Begin and end read stand together.');
  if (segment.faults.errorCount > before || qualities === undefined || label === undefined) return undefined;
  const [beginQuality, endQuality] = qualities;
  return { label, usage, beginRead, endRead, beginQuality, endQuality, place: segment.placeOf(3) };
}

function findLabel(
  segment: Segment,
  { rows }: MeterLoop,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const code = segment.text(7);
  const label = Object.hasOwn(labels, code) ? labels[code] : undefined;
  if (segment.isEmpty(7))
    segment.fault('E_CONDITION', 7, 'A row of usage says its time of use; 51 is the total.');
  else if (label === undefined)
    segment.fault('E_CODE', 7, `Expected one of ${Object.keys(labels).join(', ')}.`);
  else if (rows.some((row) => row.label === label))
    segment.fault('E_REPEAT', 7, `The loop has a row of ${label} already.`);
  return label;
}

/** A number that is not negative, or nothing; anything else is reported. */
function takeNumber(segment: Segment, n: number): string {
  if (segment.isEmpty(n)) return '';
  const number = findNumber(segment.text(n));
  if (number === undefined) segment.fault('E_NUMBER', n, numberMessage);
  else if (number.startsWith('-')) segment.fault('E_NEGATIVE', n, 'The number is negative.');
  return number ?? '';
}
