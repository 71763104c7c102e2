import { sql } from 'kysely';
import { maybeSentStates, openStates, type Way } from '../../model/forwarding.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Instant } from '../../model/time.ts';
import { parseFileKey } from '../../ports/file-store.ts';
import type { DurableFile } from '../../ports/postings.ts';
import type { Context } from '../context.ts';

export async function listRivals(
  context: Context,
  account: string,
  way: Way,
  {
    partId,
    sinceAt,
    openSinceAt,
    limit,
  }: { partId: number; sinceAt: Instant; openSinceAt: Instant; limit: number },
): Promise<DurableFile[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('part')
    .innerJoin('forwarding', 'forwarding.id', 'part.forwarding_id')
    .innerJoin('file', 'file.id', 'part.file_id')
    .select(['file.key', 'file.sha256', 'file.bytes'])
    .where(
      // What is open stands as words, not as parameters: the index of it is found by them.
      sql<boolean>`part.id IN (
        SELECT part_id FROM submission WHERE changed_at >= ${sinceAt} AND state IN (${sql.join(maybeSentStates)})
        UNION ALL SELECT s.part_id FROM submission s JOIN part p ON p.id = s.part_id
          JOIN forwarding f ON f.id = p.forwarding_id
          WHERE s.state IN (${sql.join(openStates.map(sql.lit))})
            AND (f.state <> 'closed' OR s.deadline_at > ${openSinceAt}))`,
    )
    .where('part.id', '<>', partId)
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .limit(limit)
    .execute();
  return rows.map(({ key, sha256, bytes }) => ({ key: parseFileKey(key), sha256: sha256 as Sha256, bytes }));
}
