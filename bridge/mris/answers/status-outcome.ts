import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { Exchange } from '../../https/connection.ts';
import { toUnrecognised } from '../../https/unrecognised.ts';
import { type BatchStatus, createBatchStatusReader } from '../messages/batch-status.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import type { BatchStatusOutcome } from '../outcomes.ts';
import { readDocument } from './read-document.ts';

/** What follows from the answer about a batch: only an answer about this very batch counts. */
export async function toStatusOutcome(
  batchId: string,
  exchange: Exchange,
  mapping: MrisMapping,
  now: Instant,
): Promise<BatchStatusOutcome> {
  const reader = createBatchStatusReader(mapping);
  const outcome = await readDocument('status', exchange, { mapping, handler: reader, now });
  if (outcome.kind !== 'read' || exchange.kind !== 'answered') return outcome as BatchStatusOutcome;
  let batch: BatchStatus;
  try {
    batch = reader.finish();
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return toUnrecognised('status', exchange.answer, error.message);
  }
  if (batch.batchId !== batchId) {
    return toUnrecognised('status', exchange.answer, `an answer about another batch: ${batch.batchId}`);
  }
  return toOutcome(batch, mapping);
}

function toOutcome({ status = '', errors }: BatchStatus, { batchStatus }: MrisMapping): BatchStatusOutcome {
  if (status === batchStatus.success) return { kind: 'success', errors };
  if (status === batchStatus.error) return { kind: 'error', errors };
  return { kind: 'in-process', status };
}
