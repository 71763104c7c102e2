import { createMeterDataReader } from '../../../storage/formats/meter-data-xml/reader.ts';
import type { MrisWorkKind } from '../../../storage/model/forwarding.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { Answer, Exchange } from '../../https/connection.ts';
import type { Reading } from '../../https/text.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import { readDocument } from './read-document.ts';
import { createReadingList } from './reading-list.ts';
import { readBatchStatus, toBatchOutcome } from './status-outcome.ts';
import { toSubmitOutcome } from './submit-outcome.ts';

/**
 * What this program makes of an answer of MRI-S that was kept because it was not recognised: what it reads in it now, or
 * still why not. Which batch was asked about is not known here: the one that the answer tells of stands in what is found.
 *
 * @param kept as it was kept, with the status and the content type that it came with
 */
export async function readKeptAnswer(
  kind: MrisWorkKind,
  kept: { readonly httpStatus: number; readonly contentType: string; readonly bytes: Buffer },
  mapping: MrisMapping,
  now: Instant,
): Promise<Reading<unknown>> {
  const { httpStatus, contentType, bytes } = kept;
  const answer: Answer = { httpStatus, headers: { 'content-type': contentType }, bytes };
  const outcome = await readByKind(kind, { kind: 'answered', answer }, mapping, now);
  return outcome.kind === 'unrecognised' ? { why: outcome.page.why } : { found: outcome };
}

async function readByKind(kind: MrisWorkKind, exchange: Exchange, mapping: MrisMapping, now: Instant) {
  switch (kind) {
    case 'submit':
      return toSubmitOutcome(exchange, mapping, now);
    case 'batch': {
      const read = await readBatchStatus(exchange, mapping, now);
      if (read.kind !== 'batch') return read;
      return { batchId: read.batch.batchId, ...toBatchOutcome(read.batch, mapping) };
    }
    case 'retrieve': {
      const { readings, add } = createReadingList();
      const handler = createMeterDataReader(mapping.meterData, { onReading: add });
      const read = await readDocument('retrieve', exchange, { mapping, handler, now });
      if (read.kind !== 'read') return read;
      return { kind: 'readings' as const, intervals: readings.length, first: readings[0] ?? null };
    }
  }
}
