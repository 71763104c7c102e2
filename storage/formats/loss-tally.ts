import type { ReadingSet } from './format.ts';
import type { Losses, LossReason } from './writer.ts';

/** Counts what a format could not carry, reading by reading. */
export class LossTally {
  readonly #counts = new Map<LossReason, number>();

  add(reason: LossReason, readings = 1): void {
    if (readings > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + readings);
  }

  toLosses(): Losses {
    return Object.fromEntries(this.#counts);
  }
}

/** Purposes that would be taken for usage in a format that cannot say them. */
const unsayable = ['CANCEL', 'PROFILE', 'REJECT', 'TEMPLATE'];

/**
 * Why a format that holds nothing but validated intervals cannot carry any reading of the set; undefined when it may.
 * MDEF and OMAR CSV are such formats: they name no purpose either.
 */
export function findSetLoss({ measure, purpose }: ReadingSet): LossReason | undefined {
  if (measure !== 'interval') return measure;
  return unsayable.includes(purpose) ? 'purpose' : undefined;
}

/**
 * Whether the set says more beside its values than meter, unit and channel: a purpose other than OK, parties, reasons.
 */
export function hasTexts(set: ReadingSet): boolean {
  const { sender, receiver, senderAccount, receiverAccount, sdp } = set;
  const { externalReference, correctsReference, reason } = set;
  const texts = [
    sender,
    receiver,
    senderAccount,
    receiverAccount,
    sdp,
    externalReference,
    correctsReference,
    reason,
  ];
  return texts.some((text) => text !== '') || !['', 'OK'].includes(set.purpose);
}
