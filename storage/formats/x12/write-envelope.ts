import { type Instant, minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';
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

/** What the clock shows at an instant, as X12 writes it: `CCYYMMDD` and `HHMM`. */
export function toX12Date(at: Instant, clock: ZoneClock): { date: string; time: string } {
  const text = new Date(clock.toWall(Math.floor(at / minuteMs)) * minuteMs).toISOString();
  return {
    date: `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 10)}`,
    time: `${text.slice(11, 13)}${text.slice(14, 16)}`,
  };
}

export function writeIsa(
  writer: SegmentWriter,
  parties: InterchangeParties,
  input: {
    readonly controlNumber: number;
    readonly isTest: boolean;
    readonly now: Instant;
    readonly clock: ZoneClock;
  },
): void {
  const { date, time } = toX12Date(input.now, input.clock);
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
