import { type FileName, toNextFileName } from '../../model/file-name.ts';
import { dayMs, type Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Mailbox } from '../../ports/mailboxes.ts';
import { toChangedAt } from '../mailboxes/changed-at.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

const selectLastName = prepared((queries, values: { mailboxId: number }) =>
  queries
    .selectFrom('mailbox_file')
    .select('name')
    .where('mailbox_id', '=', values.mailboxId)
    .orderBy('name', 'desc')
    .limit(1),
);

const insertMailboxFileRow = prepared(
  (
    queries,
    values: {
      mailboxId: number;
      name: string;
      transaction: number;
      fileId: number;
      records: number;
      postedAt: number;
      changedAt: number;
      leavesAt: number;
    },
  ) =>
    queries.insertInto('mailbox_file').values({
      mailbox_id: values.mailboxId,
      name: values.name,
      transaction_number: values.transaction,
      file_id: values.fileId,
      records: values.records,
      posted_at: values.postedAt,
      changed_at: values.changedAt,
      leaves_at: values.leavesAt,
      archived_at: null,
      first_retrieved_at: null,
      acknowledged_at: null,
    }),
);

/** Names are given inside the transaction, so that they rise in the order of posting (ruling 7). */
export async function insertMailboxFile(
  queries: Queries,
  entry: {
    mailbox: Mailbox;
    transaction: Transaction;
    fileId: number;
    records: number;
    postedAt: Instant;
  },
): Promise<FileName> {
  const { mailbox, postedAt } = entry;
  const [last] = await selectLastName(queries, { mailboxId: mailbox.id });
  const name = toNextFileName(postedAt, mailbox.zone, last?.name as FileName | undefined);
  await insertMailboxFileRow(queries, {
    mailboxId: mailbox.id,
    name,
    transaction: entry.transaction,
    fileId: entry.fileId,
    records: entry.records,
    postedAt,
    changedAt: await toChangedAt(queries, mailbox.id, postedAt),
    leavesAt: postedAt + mailbox.onLineDays * dayMs,
  });
  return name;
}
