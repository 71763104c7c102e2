import { MdmaError } from '../../../model/errors.ts';
import type { Instant } from '../../../model/time.ts';
import { isoZone } from '../../../model/trade-day.ts';
import { ZoneClock } from '../../../model/zone-clock.ts';
import type { SetError } from '../segment.ts';
import { SegmentWriter } from '../segment-writer.ts';
import { toControlNumber, toX12Date, writeIsa } from '../write-envelope.ts';
import { answerCodes, type ResultCode } from './answer-codes.ts';
import {
  type GroupOutcome,
  type InterchangeOutcome,
  maxAnswered,
  type OutcomeCollector,
  type SetOutcome,
} from './outcome-collector.ts';

const maxElementErrors = 99;
const maxSetCodes = 5;
const maxBadElement = 99;

export interface AcknowledgementOptions {
  readonly now: Instant;
  /** ISA13 and GS06 of the first interchange written; each further one has the next. */
  readonly controlNumber: number;
  /**
   * Whether nothing of the file was taken, though some of its sets are without error: then no set is said to be
   * accepted. Who takes a file whole or not at all hands in the scan's `isRefused`.
   */
  readonly refusesAll: boolean;
}

/**
 * The 997 for the interchanges of a file of 867: one interchange for each, one transaction set a group, separators and
 * ids mirrored, faults as AK3 and AK4 by the table in `answer-codes.ts` (edi867 facts, section 6).
 *
 * @param outcomes after the scan
 * @throws `refused-file` when no interchange could be read: there is nobody to answer; `too-large` when there are more
 *   of them and of groups than can be kept, because an answer that leaves some out would be taken for all
 */
export function toAcknowledgement(
  { interchanges, metCount }: OutcomeCollector,
  options: AcknowledgementOptions,
): Uint8Array {
  if (metCount > maxAnswered) {
    const found = `it has ${metCount} interchanges and groups, and at most ${maxAnswered} are answered`;
    throw new MdmaError('too-large', `Cannot acknowledge the file: ${found}`);
  }
  const answered = interchanges.filter(({ groups }) => groups.length > 0);
  if (answered.length === 0) {
    const found = 'no ISA and GS could be read, so nobody is named to answer';
    throw new MdmaError('refused-file', `Cannot acknowledge the file: ${found}`);
  }
  return Buffer.concat(answered.map((interchange, index) => toInterchange(interchange, index, options)));
}

function toInterchange(
  { isa, groups }: InterchangeOutcome,
  index: number,
  { now, controlNumber: first, refusesAll }: AcknowledgementOptions,
): Uint8Array {
  const writer = new SegmentWriter(isa.separators);
  const controlNumber = toControlNumber(first, index);
  const clock = new ZoneClock(isoZone);
  const { date, time } = toX12Date(now, clock);
  writeIsa(
    writer,
    {
      senderQualifier: isa.receiverQualifier,
      sender: isa.receiver,
      receiverQualifier: isa.senderQualifier,
      receiver: isa.sender,
    },
    { controlNumber, isTest: isa.isTest, now, clock },
  );
  // Ids of the first group: a group of answers goes to one address.
  const { sender, receiver } = groups[0]?.group ?? { sender: isa.sender, receiver: isa.receiver };
  const group = String(controlNumber);
  writer.add('GS', 'FA', clean(writer, receiver), clean(writer, sender), date, time, group, 'X', '004010');
  for (const [at, outcome] of groups.entries()) writeSet(writer, outcome, at + 1, refusesAll);
  writer.add('GE', String(groups.length), group);
  writer.add('IEA', '1', group.padStart(9, '0'));
  return writer.take();
}

function writeSet(writer: SegmentWriter, outcome: GroupOutcome, number: number, refusesAll: boolean): void {
  const { group, sets, received, claimed } = outcome;
  const before = writer.count;
  const control = String(number).padStart(4, '0');
  writer.add('ST', '997', control);
  writer.add('AK1', clean(writer, group.functionalId), clean(writer, group.controlNumber));
  for (const set of sets) writeAnswer(writer, set, refusesAll);
  const accepted = refusesAll ? 0 : outcome.accepted;
  writer.add(
    'AK9',
    toGroupResult(outcome, refusesAll),
    String(Number.isNaN(claimed) ? received : claimed),
    String(received),
    String(accepted),
    ...[...outcome.errors].slice(0, maxSetCodes),
  );
  writer.add('SE', String(writer.count - before + 1), control);
}

function toGroupResult(
  { received, accepted, warned, errors }: GroupOutcome,
  refusesAll: boolean,
): ResultCode {
  if (refusesAll || (accepted === 0 && received > 0)) return 'R';
  if (accepted < received) return 'P';
  return warned > 0 || errors.size > 0 ? 'E' : 'A';
}

function writeAnswer(writer: SegmentWriter, set: SetOutcome, refusesAll: boolean): void {
  writer.add('AK2', clean(writer, set.setId), clean(writer, set.controlNumber));
  const result = refusesAll || !set.isGood ? 'R' : set.hasWarnings ? 'E' : 'A';
  const codes = new Set<string>();
  // A rejected set is told what it is rejected for, nothing milder. An earlier segment's fault may show later; a 997
  // goes through the set in its order.
  const errors = (result === 'E' ? set.warnings : set.errors).toSorted((a, b) => a.position - b.position);
  for (const error of errors) codes.add(answerCodes[error.code]?.set ?? '5');
  writeErrors(writer, errors);
  writer.add('AK5', result, ...[...codes].sort().slice(0, maxSetCodes));
}

function writeErrors(writer: SegmentWriter, errors: readonly SetError[]): void {
  const bySegment = Map.groupBy(errors, ({ code, position, segmentId }) => {
    const segment = answerCodes[code]?.segment ?? '8';
    const shown = /^[A-Z0-9]{2,3}$/.test(segmentId) ? segmentId : 'XX';
    return segment === '' ? '' : `${position} ${shown} ${segment}`;
  });
  for (const [key, some] of bySegment) {
    if (key === '') continue;
    const [position = '', shown = '', segment = ''] = key.split(' ');
    writer.add('AK3', shown, position, '', segment);
    for (const error of some.slice(0, maxElementErrors)) writeElement(writer, error);
  }
}

function writeElement(writer: SegmentWriter, { code, element, dataElement, text }: SetError): void {
  const problem = answerCodes[code]?.element;
  if (problem === undefined || element === 0) return;
  const bad = clean(writer, text).slice(0, maxBadElement);
  writer.add('AK4', String(element), /^\d+$/.test(dataElement) ? dataElement : '', problem, bad);
}

/** The text without what cannot stand in a value. */
function clean(writer: SegmentWriter, text: string): string {
  return Array.from(text, (character) => (writer.canHold(character) ? character : '?')).join('');
}
