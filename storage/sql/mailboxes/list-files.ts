import { sql } from 'kysely';
import type { FileName } from '../../model/file-name.ts';
import type { ReasonCode } from '../../model/reason-code.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { FilePage, MailboxFile } from '../../ports/mailboxes.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';

/** The directory's own index: SQLite would go along the primary key, past all that was archived in three years. */
const onLine = sql<Schema['mailbox_file']>`mailbox_file`.as<'mailbox_file'>(
  sql`mailbox_file INDEXED BY mailbox_file_on_line`,
);

function selectEntries(queries: Queries, from: 'mailbox_file' | typeof onLine = 'mailbox_file') {
  return queries
    .selectFrom(from as 'mailbox_file')
    .innerJoin('file', 'file.id', 'mailbox_file.file_id')
    .innerJoin('posting', 'posting.transaction_number', 'mailbox_file.transaction_number')
    .select([
      'mailbox_file.name',
      'mailbox_file.transaction_number',
      'file.bytes',
      'file.sha256',
      'mailbox_file.records',
      'mailbox_file.posted_at',
      'mailbox_file.changed_at',
      'posting.corrects',
      'posting.reason_code',
      'mailbox_file.leaves_at',
      'mailbox_file.archived_at',
      'mailbox_file.first_retrieved_at',
      'mailbox_file.acknowledged_at',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectEntries>['executeTakeFirstOrThrow']>>;

function toMailboxFile(row: Row): MailboxFile {
  return {
    name: row.name as FileName,
    transaction: row.transaction_number as Transaction,
    bytes: row.bytes,
    sha256: row.sha256 as Sha256,
    records: row.records,
    postedAt: row.posted_at,
    changedAt: row.changed_at,
    corrects: row.corrects as Transaction | null,
    reasonCode: row.reason_code as ReasonCode | null,
    leavesAt: row.leaves_at,
    archivedAt: row.archived_at,
    firstRetrievedAt: row.first_retrieved_at,
    acknowledgedAt: row.acknowledged_at,
  };
}

/** One row more than the page tells whether there is another, without counting. */
function toPage(rows: Row[], limit: number): FilePage {
  return { files: rows.slice(0, limit).map(toMailboxFile), hasMore: rows.length > limit };
}

const selectAfter = prepared((queries, values: { mailboxId: number; after: string; limit: number }) =>
  selectEntries(queries, onLine)
    .where('mailbox_file.mailbox_id', '=', values.mailboxId)
    .where('mailbox_file.name', '>', values.after)
    .where('mailbox_file.archived_at', 'is', null)
    .orderBy('mailbox_file.name')
    .limit(values.limit),
);

export async function listFiles(
  context: Context,
  mailboxId: number,
  page: { after: FileName | undefined; limit: number },
): Promise<FilePage> {
  const { read } = context.database;
  const after = page.after ?? '';
  const rows = await selectAfter(read, { mailboxId, after, limit: page.limit + 1 });
  return toPage(rows, page.limit);
}

export async function listChangedFiles(
  context: Context,
  mailboxId: number,
  page: { since: Instant; after: { changedAt: Instant; name: FileName } | undefined; limit: number },
): Promise<FilePage> {
  let query = selectEntries(context.database.read)
    .where('mailbox_file.mailbox_id', '=', mailboxId)
    .orderBy('mailbox_file.changed_at')
    .orderBy('mailbox_file.name')
    .limit(page.limit + 1);
  const { after } = page;
  query =
    after === undefined
      ? query.where('mailbox_file.changed_at', '>=', page.since)
      : query.where((eb) =>
          eb(
            eb.refTuple('mailbox_file.changed_at', 'mailbox_file.name'),
            '>',
            eb.tuple(after.changedAt, after.name),
          ),
        );
  return toPage(await query.execute(), page.limit);
}
