import type { FileName } from '../../model/file-name.ts';
import type { Sha256 } from '../../model/sha256.ts';
import { parseFileKey, type Root } from '../../ports/file-store.ts';
import type { CodedFile, Coding, ServableFile } from '../../ports/mailboxes.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

/** Three small queries on the way of every download: a join of the tables takes SQLite several times as long. */
const selectEntry = prepared((queries, values: { mailboxId: number; name: string }) =>
  queries
    .selectFrom('mailbox_file')
    .select(['file_id', 'posted_at', 'archived_at'])
    .where('mailbox_id', '=', values.mailboxId)
    .where('name', '=', values.name),
);

const selectFile = prepared((queries, values: { id: number }) =>
  queries.selectFrom('file').select(['key', 'root', 'sha256', 'bytes']).where('id', '=', values.id),
);

const selectCodings = prepared((queries, values: { fileId: number }) =>
  queries.selectFrom('coding').selectAll().where('file_id', '=', values.fileId),
);

export async function findFile(
  context: Context,
  mailboxId: number,
  name: FileName,
): Promise<ServableFile | undefined> {
  const { read } = context.database;
  const [entry] = await selectEntry(read, { mailboxId, name });
  if (entry === undefined) return undefined;
  const [file] = await selectFile(read, { id: entry.file_id });
  if (file === undefined) return undefined;
  const codings = await selectCodings(read, { fileId: entry.file_id });
  return {
    name,
    key: parseFileKey(file.key),
    root: file.root as Root,
    sha256: file.sha256 as Sha256,
    bytes: file.bytes,
    postedAt: entry.posted_at,
    archivedAt: entry.archived_at,
    codings: codings.map(toCodedFile),
  };
}

function toCodedFile(row: { coding: string; key: string; sha256: string; bytes: number }): CodedFile {
  return {
    coding: row.coding as Coding,
    key: parseFileKey(row.key),
    sha256: row.sha256 as Sha256,
    bytes: row.bytes,
  };
}

/** The codings of some files, by file. */
export async function listCodings(
  queries: Queries,
  fileIds: readonly number[],
): Promise<Map<number, CodedFile[]>> {
  const found = new Map<number, CodedFile[]>();
  if (fileIds.length === 0) return found;
  const rows = await queries
    .selectFrom('coding')
    .selectAll()
    .where('file_id', 'in', [...fileIds])
    .execute();
  for (const row of rows) {
    found.set(row.file_id, [...(found.get(row.file_id) ?? []), toCodedFile(row)]);
  }
  return found;
}
