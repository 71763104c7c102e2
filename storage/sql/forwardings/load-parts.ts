import type { SubmissionState } from '../../model/forwarding.ts';
import type { Sha256 } from '../../model/sha256.ts';
import { parseFileKey } from '../../ports/file-store.ts';
import type { Part, Submission } from '../../ports/forwardings.ts';
import type { Queries } from '../queries.ts';

/** The parts of some forwardings with their submissions, by forwarding. */
export async function loadParts(
  queries: Queries,
  forwardingIds: readonly number[],
): Promise<Map<number, Part[]>> {
  const loaded = new Map<number, Part[]>(forwardingIds.map((id) => [id, []]));
  if (forwardingIds.length === 0) return loaded;
  const submissions = await loadSubmissions(queries, forwardingIds);
  const rows = await queries
    .selectFrom('part')
    .innerJoin('file', 'file.id', 'part.file_id')
    .select(['part.id', 'part.forwarding_id', 'part.number', 'part.extension', 'part.records'])
    .select(['file.key', 'file.sha256', 'file.bytes'])
    .where('part.forwarding_id', 'in', [...forwardingIds])
    .orderBy('part.number')
    .execute();
  for (const { id, forwarding_id, number, extension, records, key, sha256, bytes } of rows) {
    loaded.get(forwarding_id)?.push({
      id,
      number,
      file: { key: parseFileKey(key), sha256: sha256 as Sha256, bytes },
      extension: extension as Part['extension'],
      records,
      submissions: submissions.get(id) ?? [],
    });
  }
  return loaded;
}

async function loadSubmissions(
  queries: Queries,
  forwardingIds: readonly number[],
): Promise<Map<number, Submission[]>> {
  const loaded = new Map<number, Submission[]>();
  const rows = await queries
    .selectFrom('submission')
    .innerJoin('part', 'part.id', 'submission.part_id')
    .selectAll('submission')
    .where('part.forwarding_id', 'in', [...forwardingIds])
    .orderBy('submission.attempt')
    .execute();
  for (const row of rows) {
    const submissions = loaded.get(row.part_id) ?? [];
    submissions.push(toSubmission(row));
    loaded.set(row.part_id, submissions);
  }
  return loaded;
}

/** A row as the port tells of it. */
export function toSubmission(row: {
  id: number;
  attempt: number;
  iso_name: string;
  state: string;
  intended_at: number;
  deadline_at: number;
  iso_file_id: string | null;
  iso_status: string | null;
  polls: number;
  words: string;
}): Submission {
  return {
    id: row.id,
    attempt: row.attempt,
    isoName: row.iso_name,
    state: row.state as SubmissionState,
    intendedAt: row.intended_at,
    deadlineAt: row.deadline_at,
    isoFileId: row.iso_file_id,
    isoStatus: row.iso_status,
    polls: row.polls,
    words: row.words,
  };
}
