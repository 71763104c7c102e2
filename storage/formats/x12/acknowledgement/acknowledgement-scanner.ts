import type { Scanner, ScanOptions } from '../../format.ts';
import { getX12Profile } from '../profiles.ts';
import { X12Scanner } from '../x12-scanner.ts';
import { AnswerSets } from './answer-sets.ts';
import type { GroupAnswer } from './answers.ts';

export interface AcknowledgementScanOptions extends ScanOptions {
  /** Called for each 997 without error, in the order of the file: what it says of one functional group. */
  readonly onAnswer?: (answer: GroupAnswer) => void;
}

/**
 * A scanner for X12 997 (004010), the functional acknowledgements that come back. It holds no readings; what it says
 * goes to `onAnswer`, named by the control numbers of what it answers.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createAcknowledgementScanner(options: AcknowledgementScanOptions): Scanner {
  const profile = getX12Profile(options.profile);
  return new X12Scanner('x12-997', profile, options, (context) => new AnswerSets(context, options.onAnswer));
}
