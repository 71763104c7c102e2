import type { Instant } from '../../model/time.ts';
import type { DurableFile } from '../../ports/postings.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

interface FileValues {
  key: string;
  sha256: string;
  bytes: number;
  createdAt: number;
  leavesAt: number | null;
  deleteAt: number | null;
  isCoded: number;
}

const insertRow = prepared((queries, values: FileValues) =>
  queries
    .insertInto('file')
    .values({
      key: values.key,
      sha256: values.sha256,
      bytes: values.bytes,
      root: 'on-line',
      created_at: values.createdAt,
      leaves_at: values.leavesAt,
      delete_at: values.deleteAt,
      is_coded: values.isCoded,
      deleted_at: null,
    })
    .returning('id'),
);

/**
 * A row for bytes that are durable; gives its id.
 *
 * @param life when it goes to the archive and when it is deleted (null: neither), and whether mailboxes show it, so
 *   that compressing it may pay
 */
export async function insertFile(
  queries: Queries,
  file: DurableFile,
  life: { createdAt: Instant; leavesAt: Instant | null; deleteAt: Instant | null; isServed: boolean },
): Promise<number> {
  const { key, sha256, bytes } = file;
  const { createdAt, leavesAt, deleteAt } = life;
  const values = { key, sha256, bytes, createdAt, leavesAt, deleteAt, isCoded: life.isServed ? 0 : 1 };
  const [row] = await insertRow(queries, values);
  if (row === undefined) throw new Error('Cannot add file: the row did not come back');
  return row.id;
}
