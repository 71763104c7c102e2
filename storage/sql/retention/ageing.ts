import type { ExpressionBuilder } from 'kysely';
import type { FileName } from '../../model/file-name.ts';
import { endStates, unendedStates } from '../../model/forwarding.ts';
import type { MailboxName } from '../../model/mailbox.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import { parseFileKey, type Root } from '../../ports/file-store.ts';
import type { AgeingFile, LeavingFile } from '../../ports/retention.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { toChangedAt } from '../mailboxes/changed-at.ts';
import { listCodings } from '../mailboxes/find-file.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';

export async function listLeavingFiles(
  context: Context,
  now: Instant,
  limit: number,
): Promise<LeavingFile[]> {
  const rows = await context.database.read
    .selectFrom('mailbox_file')
    .innerJoin('mailbox', 'mailbox.id', 'mailbox_file.mailbox_id')
    .select([
      'mailbox_file.mailbox_id',
      'mailbox.name as mailbox',
      'mailbox_file.name',
      'mailbox_file.transaction_number',
      'mailbox_file.leaves_at',
    ])
    .where('mailbox_file.leaves_at', '<=', now)
    .where('mailbox_file.archived_at', 'is', null)
    .orderBy('mailbox_file.leaves_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    mailboxId: row.mailbox_id,
    mailbox: row.mailbox as MailboxName,
    name: row.name as FileName,
    transaction: row.transaction_number as Transaction,
    leavesAt: row.leaves_at,
  }));
}

export function archiveMailboxFile(context: Context, mailboxId: number, name: FileName): Promise<void> {
  return context.database.write(async (queries) => {
    const now = context.clock.now();
    const row = await queries
      .updateTable('mailbox_file')
      .set({ archived_at: now, changed_at: await toChangedAt(queries, mailboxId, now) })
      .where('mailbox_id', '=', mailboxId)
      .where('name', '=', name)
      .where('archived_at', 'is', null)
      .where('leaves_at', '<=', now)
      .returning('transaction_number')
      .executeTakeFirst();
    if (row === undefined) return;
    await appendEvent(queries, context, {
      subject: 'mailbox-file',
      subjectId: row.transaction_number,
      kind: 'archived',
      at: now,
      body: { mailboxId, name },
    });
  });
}

interface FileRow {
  id: number;
  key: string;
  root: string;
  bytes: number;
}

export async function toAgeingFiles(queries: Queries, rows: readonly FileRow[]): Promise<AgeingFile[]> {
  const codings = await listCodings(
    queries,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, key, root, bytes }) => ({
    id,
    key: parseFileKey(key),
    root: root as Root,
    bytes,
    codings: codings.get(id) ?? [],
  }));
}

/** Whether no mailbox shows a file any more and no forwarding still needs it, as its source or as a part. */
function isFree(eb: ExpressionBuilder<Schema, 'file'>) {
  const shown = eb
    .selectFrom('mailbox_file')
    .select('mailbox_file.name')
    .whereRef('mailbox_file.file_id', '=', 'file.id')
    .where('mailbox_file.archived_at', 'is', null);
  const needed = eb
    .selectFrom('source')
    .innerJoin('posting', 'posting.source_id', 'source.id')
    .innerJoin('forwarding', 'forwarding.transaction_number', 'posting.transaction_number')
    .select('forwarding.id')
    .whereRef('source.file_id', '=', 'file.id')
    .where('forwarding.state', 'not in', [...endStates]);
  // Not by the file, which parts have no index on: the parts under way are few.
  const parts = eb
    .selectFrom('forwarding')
    .innerJoin('part', 'part.forwarding_id', 'forwarding.id')
    .select('part.file_id')
    .where('forwarding.state', 'in', unendedStates);
  return eb.not(eb.or([eb.exists(shown), eb.exists(needed), eb('file.id', 'in', parts)]));
}

export async function listFilesToArchive(
  context: Context,
  now: Instant,
  limit: number,
): Promise<AgeingFile[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('file')
    .select(['file.id', 'file.key', 'file.root', 'file.bytes'])
    .where('file.root', '=', 'on-line')
    .where('file.deleted_at', 'is', null)
    .where('file.leaves_at', '<=', now)
    .where(isFree)
    .orderBy('file.leaves_at')
    .limit(limit)
    .execute();
  return toAgeingFiles(read, rows);
}

export function recordFileArchived(context: Context, fileId: number): Promise<void> {
  return context.database.write(async (queries) => {
    const { numUpdatedRows } = await queries
      .updateTable('file')
      .set({ root: 'archive', is_coded: 1 })
      .where('id', '=', fileId)
      .where('root', '=', 'on-line')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await queries.deleteFrom('coding').where('file_id', '=', fileId).execute();
    await appendEvent(queries, context, { subject: 'file', subjectId: fileId, kind: 'archived', body: {} });
  });
}

export async function listFilesToDelete(
  context: Context,
  now: Instant,
  limit: number,
): Promise<AgeingFile[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('file')
    .select(['id', 'key', 'root', 'bytes'])
    .where('delete_at', '<=', now)
    .where('is_held', '=', 0)
    .where('deleted_at', 'is', null)
    .where(isFree)
    .orderBy('delete_at')
    .limit(limit)
    .execute();
  return toAgeingFiles(read, rows);
}

export function recordFileDeleted(context: Context, fileId: number): Promise<void> {
  return context.database.write(async (queries) => {
    const deletedAt = context.clock.now();
    const { numUpdatedRows } = await queries
      .updateTable('file')
      .set({ deleted_at: deletedAt, is_coded: 1 })
      .where('id', '=', fileId)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await queries.deleteFrom('coding').where('file_id', '=', fileId).execute();
    await appendEvent(queries, context, {
      subject: 'file',
      subjectId: fileId,
      kind: 'deleted',
      at: deletedAt,
      body: {},
    });
  });
}
