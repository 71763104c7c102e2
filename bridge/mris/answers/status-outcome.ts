import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { Answer, Exchange } from '../../https/connection.ts';
import { toUnrecognised } from '../../https/unrecognised.ts';
import { type BatchStatus, createBatchStatusReader } from '../messages/batch-status.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import type { BatchStatusOutcome } from '../outcomes.ts';
import { readDocument } from './read-document.ts';
import type { Trouble } from './trouble.ts';

/** What follows from the answer about a batch: only an answer about this very batch counts. */
export async function toStatusOutcome(
  batchId: string,
  exchange: Exchange,
  mapping: MrisMapping,
  now: Instant,
): Promise<BatchStatusOutcome> {
  const read = await readBatchStatus(exchange, mapping, now);
  if (read.kind !== 'batch') return read;
  const { batch, answer } = read;
  return batch.batchId === batchId
    ? toBatchOutcome(batch, mapping)
    : toUnrecognised('status', answer, `an answer about another batch: ${batch.batchId}`);
}

/** What an answer tells of whichever batch it is about. */
export async function readBatchStatus(
  exchange: Exchange,
  mapping: MrisMapping,
  now: Instant,
): Promise<{ readonly kind: 'batch'; readonly batch: BatchStatus; readonly answer: Answer } | Trouble> {
  const reader = createBatchStatusReader(mapping);
  const outcome = await readDocument('status', exchange, { mapping, handler: reader, now });
  if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
  const { answer } = exchange;
  if (outcome.kind !== 'read') return outcome;
  try {
    return { kind: 'batch', batch: reader.finish(), answer };
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return toUnrecognised('status', answer, error.message);
  }
}

/** Where the batch stands. */
export function toBatchOutcome(
  { status = '', errors }: BatchStatus,
  { batchStatus }: MrisMapping,
): BatchStatusOutcome {
  if (status === batchStatus.success) return { kind: 'success', errors };
  if (status === batchStatus.error) return { kind: 'error', errors };
  return { kind: 'in-process', status };
}
