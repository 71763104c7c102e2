import type { Instant } from '../../../model/time.ts';
import type { ReadingSet } from '../../format.ts';
import type { LossReason } from '../../writer.ts';
import { productCodes, purposeCodes, reasonCodes } from '../codes.ts';

/** Who and what one transaction set is about: what all its reading sets have in common. */
export interface UsageGroup {
  readonly sender: string;
  readonly receiver: string;
  readonly senderAccount: string;
  readonly receiverAccount: string;
  /** BPT01. */
  readonly purposeCode: string;
  /** As the source names it; empty where it does not. */
  readonly reference: string;
  readonly correctsReference: string;
  /** Undefined while every reading set names its own, in its loop. */
  reason: string | undefined;
  readonly createdAt: Instant | null;
}

/**
 * What the transaction set of a reading set says, and whether a text beside the readings was cut from it; or why it
 * cannot be said.
 *
 * @param isText whether a text fits into a REF02, or is empty
 */
export function findUsageGroup(
  set: ReadingSet,
  { sender, receiver }: Pick<UsageGroup, 'sender' | 'receiver'>,
  isText: (text: string) => boolean,
): { readonly group: UsageGroup; readonly isCut: boolean } | LossReason {
  const { senderAccount, receiverAccount } = toAccounts(set);
  const names = [set.meter, set.sdp, set.channel, senderAccount, receiverAccount];
  const isNamed = set.meter !== '' && (senderAccount !== '' || receiverAccount !== '');
  const areParties = [sender, receiver].every((id) => /^\S{2,15}$/.test(id) && isText(id));
  if (!isNamed || !areParties || !names.every(isText)) return 'identity';
  if (!Object.values(productCodes).includes(set.commodity || 'E')) return 'unit';
  const toCarried = (text: string) => (isText(text) ? text : '');
  const purpose = purposeCodes.find((code) => code.purpose === toWritten(set.purpose));
  const correctsReference = toCarried(set.correctsReference);
  if (purpose === undefined || (purpose.reference === 'required' && correctsReference === ''))
    return 'purpose';
  const reference = toCarried(set.externalReference);
  const reason = toCarried(set.reason);
  const isCut =
    reference !== set.externalReference ||
    reason !== set.reason ||
    correctsReference !== set.correctsReference ||
    (set.purpose !== '' && set.purpose !== toRead(set, purpose.purpose));
  const group: UsageGroup = {
    sender,
    receiver,
    senderAccount,
    receiverAccount,
    purposeCode: purpose.code,
    reference,
    correctsReference,
    reason: isLoopReason(set) ? undefined : reason,
    createdAt: set.createdAt,
  };
  return { group, isCut };
}

/** Whether two reading sets belong into one transaction set. */
export function isSameGroup(a: UsageGroup, b: UsageGroup): boolean {
  const areOneReason = a.reason === b.reason || a.reason === undefined || b.reason === undefined;
  const keys = Object.keys(a) as (keyof UsageGroup)[];
  return areOneReason && keys.every((key) => key === 'reason' || a[key] === b[key]);
}

/** Whether the reason is said in the set's own loop, because all that it carries is adjusted for it. */
function isLoopReason({ reason, readings, raw, missing, adjusted }: ReadingSet): boolean {
  const isAdjustment = Object.hasOwn(reasonCodes, reason) && reasonCodes[reason]?.isAdjustment === true;
  return isAdjustment && adjusted > 0 && adjusted === readings - raw - missing;
}

/** Both references; the account where neither stands by itself. */
function toAccounts({ senderAccount, receiverAccount, account }: ReadingSet) {
  const isEmpty = senderAccount === '' && receiverAccount === '';
  return { senderAccount: isEmpty ? account : senderAccount, receiverAccount };
}

/** Totals of original data are original data, and so is what comes from a format without purposes. */
function toWritten(purpose: string): string {
  return purpose === 'SUMMARY' || purpose === '' ? 'OK' : purpose;
}

/** The purpose with which the set reads back. */
function toRead({ measure }: ReadingSet, purpose: string): string {
  return measure === 'total' && purpose === 'OK' ? 'SUMMARY' : purpose;
}
