import type { ScanResult } from '../../formats/format.ts';
import type { ParticipantName } from '../../model/mailbox.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Participant } from '../../ports/participants.ts';
import type { PostingOrder, Refusal } from '../../ports/postings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';

/** Faults kept with a refusal; the poster got all that were listed. */
const maxKeptFaults = 20;

export function recordRefusal(
  context: Context,
  order: Pick<PostingOrder, 'postedBy' | 'originalName'>,
  found: { bytes: number; sha256: Sha256; reason: string; scan: ScanResult | undefined },
): Promise<void> {
  const { bytes, sha256, reason, scan } = found;
  return context.database.write(async (queries) => {
    const refusedAt = context.clock.now();
    const { id } = await queries
      .insertInto('refusal')
      .values({
        refused_by: order.postedBy.id,
        refused_at: refusedAt,
        original_name: order.originalName,
        bytes,
        sha256,
        reason,
        fault_counts: JSON.stringify(scan?.faultCounts ?? {}),
        faults: JSON.stringify(scan?.faults.slice(0, maxKeptFaults) ?? []),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appendEvent(queries, context, {
      subject: 'refusal',
      subjectId: id,
      kind: 'refused',
      at: refusedAt,
      body: { by: order.postedBy.name, bytes, sha256, reason },
    });
  });
}

export async function listRefusals(context: Context, reader: Participant, limit: number): Promise<Refusal[]> {
  let query = context.database.read
    .selectFrom('refusal')
    .innerJoin('participant', 'participant.id', 'refusal.refused_by')
    .selectAll('refusal')
    .select('participant.name as refuser')
    .orderBy('refusal.id', 'desc')
    .limit(limit);
  if (reader.role !== 'staff') query = query.where('refusal.refused_by', '=', reader.id);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    refusedBy: row.refuser as ParticipantName,
    refusedAt: row.refused_at,
    originalName: row.original_name,
    bytes: row.bytes,
    sha256: row.sha256 as Sha256,
    reason: row.reason,
    faultCounts: JSON.parse(row.fault_counts) as Record<string, number>,
  }));
}
