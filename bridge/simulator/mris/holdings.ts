import type { Instant } from '../../../storage/model/time.ts';
import type { HeldBatch } from './ledger.ts';

/** One held batch as tests see it. */
export interface MrisHolding {
  readonly batchId: string;
  readonly owner: string;
  /** Of the document, unpacked. */
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  readonly status: BatchState;
  /** How many batches of the same owner have these bytes: more than one was sent twice. */
  readonly times: number;
}

export type BatchState = 'in-process' | 'success' | 'error';

/** Where the batch stands now: a pure function of its age, so that nothing is lost when the simulator stops. */
export function toState({ receivedAt, validationMs, ends }: HeldBatch, now: Instant): BatchState {
  return now - receivedAt < validationMs ? 'in-process' : ends;
}

/** The held batches as they stand at `now`. */
export function toHoldings(batches: readonly HeldBatch[], now: Instant): MrisHolding[] {
  const keyOf = ({ owner, sha256 }: HeldBatch) => JSON.stringify([owner, sha256]);
  const times = Map.groupBy(batches, keyOf);
  return batches.map((batch) => ({
    batchId: batch.batchId,
    owner: batch.owner,
    sha256: batch.sha256,
    bytes: batch.bytes,
    records: batch.records,
    status: toState(batch, now),
    times: times.get(keyOf(batch))?.length ?? 0,
  }));
}
