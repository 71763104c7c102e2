import type { Sha256 } from '../../model/sha256.ts';
import type { FileKey, Root } from '../../ports/file-store.ts';
import type { CodedFile } from '../../ports/mailboxes.ts';
import type { AgeingFile } from '../../ports/retention.ts';
import type { Context } from '../context.ts';
import { toAgeingFiles } from './ageing.ts';

export async function isKnownKey(context: Context, root: Root, key: FileKey): Promise<boolean> {
  const { read } = context.database;
  const [file] = await read
    .selectFrom('file')
    .select('root')
    .where('key', '=', key)
    .where('deleted_at', 'is', null)
    .execute();
  if (file !== undefined) return root === 'archive' || file.root === root;
  const codings = await read
    .selectFrom('coding')
    .innerJoin('file', 'file.id', 'coding.file_id')
    .select('file.id')
    .where('file.key', '=', key.replace(/\.(zstd|gzip)$/, ''))
    .where('coding.key', '=', key)
    .execute();
  return codings.length > 0;
}

export async function listFilesToCode(context: Context, limit: number): Promise<AgeingFile[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('file')
    .select(['id', 'key', 'root', 'bytes'])
    .where('is_coded', '=', 0)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return toAgeingFiles(read, rows);
}

/** Adds codings only while the file is on line: it may have been archived while it was compressed. */
export function recordCodings(
  context: Context,
  fileId: number,
  codings: readonly CodedFile[],
): Promise<boolean> {
  return context.database.write(async (queries) => {
    const { numUpdatedRows } = await queries
      .updateTable('file')
      .set({ is_coded: 1 })
      .where('id', '=', fileId)
      .where('is_coded', '=', 0)
      .where('root', '=', 'on-line')
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    for (const { coding, key, sha256, bytes } of codings) {
      await queries.insertInto('coding').values({ file_id: fileId, coding, key, sha256, bytes }).execute();
    }
    return true;
  });
}

export async function listFiles(
  context: Context,
  after: number,
  limit: number,
): Promise<(AgeingFile & { sha256: Sha256 })[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('file')
    .select(['id', 'key', 'root', 'bytes', 'sha256'])
    .where('id', '>', after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  const files = await toAgeingFiles(read, rows);
  return files.map((file, at) => ({ ...file, sha256: rows[at]?.sha256 as Sha256 }));
}
