import { additiveRole, meterReferences, periodCode, reasonCodes, unitCodes } from '../codes.ts';
import { isIntervalLength } from '../interval-length.ts';
import { findNumber, numberMessage } from '../numbers.ts';
import type { Segment } from '../segment.ts';
import type { MeterLoop } from './meter-loop.ts';

/** Reads a REF of a PTD loop into it, and reports what is wrong with it (edi867 facts, section 4.5). */
export function takeLoopReference(segment: Segment, loop: MeterLoop): void {
  if (!segment.checkElements()) {
    loop.hasBadReference = true;
    return;
  }
  const text = segment.text(2);
  switch (segment.text(1)) {
    case 'MG':
      if (loop.kind === 'unmetered') segment.fault('E_UNEXPECTED', 0, 'An unmetered loop names a meter.');
      loop.meter = takeOnce(segment, loop.meter, text);
      break;
    case 'LU':
      loop.sdp = takeOnce(segment, loop.sdp, text);
      break;
    case '6W':
      loop.channel = takeOnce(segment, loop.channel, text);
      break;
    case 'MT':
      takeUnit(segment, loop, text);
      break;
    case '1P':
      loop.reason = takeOnce(segment, loop.reason, text);
      if (!Object.hasOwn(reasonCodes, text))
        segment.fault('W_REASON', 2, 'The reason is not in the table; the loop counts as adjusted.');
      break;
    case 'IX':
      if (!/^\d{1,2}$/.test(text)) segment.fault('E_NUMBER', 2, 'Expected the number of dials.');
      else loop.dials = Number(text);
      break;
    case '4P':
      takeMultiplier(segment, loop, 2);
      break;
    case 'JH':
      if (text !== additiveRole)
        segment.fault('E_CODE', 2, `Expected ${additiveRole} (additive); other meters are not taken.`);
      break;
    default:
      segment.fault('E_CODE', 1, `Expected ${Object.keys(meterReferences).join(', ')}.`);
  }
}

function takeOnce(segment: Segment, before: string, text: string): string {
  if (before !== '') segment.fault('E_REPEAT', 1, 'The loop has this reference already.');
  return text;
}

function takeUnit(segment: Segment, loop: MeterLoop, text: string): void {
  if (loop.minutes !== -1) segment.fault('E_REPEAT', 1, 'The loop has this reference already.');
  loop.unit = unitCodes.find(({ code }) => text.startsWith(code));
  const length = text.slice(2);
  const minutes = length === periodCode ? 0 : /^\d{3}$/.test(length) ? Number(length) : -1;
  const isInterval = isIntervalLength(minutes);
  if (loop.unit === undefined) {
    segment.fault('E_UNITS', 2, `Expected one of ${unitCodes.map(({ code }) => code).join(', ')} first.`);
  } else if (minutes !== 0 && !isInterval) {
    segment.fault('E_INTERVAL', 2, `Expected a unit and minutes such as 015, or ${periodCode}.`);
  }
  loop.minutes = isInterval || minutes === 0 ? minutes : -2;
}

/** Reads the multiplier of the loop from element n of the segment. */
export function takeMultiplier(segment: Segment, loop: MeterLoop, n: number): void {
  const text = findNumber(segment.text(n));
  if (text === undefined || Number(text) <= 0) {
    segment.fault('E_NUMBER', n, `${numberMessage.slice(0, -1)}, above zero.`);
  } else if (loop.multiplier !== '' && Number(loop.multiplier) !== Number(text)) {
    segment.fault('E_MULTIPLIER', n, `The multiplier of the loop is ${loop.multiplier} already.`);
  } else {
    loop.multiplier = text;
  }
}
