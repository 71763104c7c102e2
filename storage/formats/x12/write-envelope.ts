import { type Instant, toWallClock } from '../../model/time.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Who sends an interchange to whom, as its ISA says. */
export interface InterchangeParties {
  readonly senderQualifier: string;
  readonly sender: string;
  readonly receiverQualifier: string;
  readonly receiver: string;
}

/** The largest number of nine digits; control numbers go round after it. */
const maxControlNumber = 999_999_999;

/** The control number that many after another; 1 comes after the last of nine digits. */
export function toControlNumber(first: number, after = 0): number {
  return ((first - 1 + after) % maxControlNumber) + 1;
}

/** Dates and times of the wall clock in the zone, as X12 writes them. */
export function toX12Date(at: Instant, zone: string): { date: string; time: string } {
  const { year, month, day, hour, minute } = toWallClock(at, zone);
  const two = (number: number) => String(number).padStart(2, '0');
  return {
    date: `${String(year).padStart(4, '0')}${two(month)}${two(day)}`,
    time: `${two(hour)}${two(minute)}`,
  };
}

export function writeIsa(
  writer: SegmentWriter,
  parties: InterchangeParties,
  input: {
    readonly controlNumber: number;
    readonly isTest: boolean;
    readonly now: Instant;
    readonly zone: string;
  },
): void {
  const { date, time } = toX12Date(input.now, input.zone);
  writer.add(
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    parties.senderQualifier,
    parties.sender.padEnd(15),
    parties.receiverQualifier,
    parties.receiver.padEnd(15),
    date.slice(2),
    time,
    'U',
    '00401',
    String(input.controlNumber).padStart(9, '0'),
    '0',
    input.isTest ? 'T' : 'P',
    String.fromCharCode(writer.separators.component),
  );
}
