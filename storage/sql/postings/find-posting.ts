import type { FormatName, Summary } from '../../formats/format.ts';
import { MdmaError } from '../../model/errors.ts';
import type { FileName } from '../../model/file-name.ts';
import type { ForwardingState, Way } from '../../model/forwarding.ts';
import type { MailboxName, ParticipantName } from '../../model/mailbox.ts';
import type { ReasonCode } from '../../model/reason-code.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Transaction } from '../../model/transaction.ts';
import { parseFileKey, type Root } from '../../ports/file-store.ts';
import type { Participant } from '../../ports/participants.ts';
import type { Posting, Source } from '../../ports/postings.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';

function selectPostings(queries: Queries) {
  return queries
    .selectFrom('posting')
    .innerJoin('participant', 'participant.id', 'posting.posted_by')
    .innerJoin('source', 'source.id', 'posting.source_id')
    .innerJoin('file', 'file.id', 'source.file_id')
    .selectAll('posting')
    .select(['participant.name as poster', 'file.bytes', 'file.sha256']);
}

export type PostingRow = Awaited<ReturnType<ReturnType<typeof selectPostings>['executeTakeFirstOrThrow']>>;

export function findPostingRow(queries: Queries, transaction: Transaction): Promise<PostingRow | undefined> {
  return selectPostings(queries).where('posting.transaction_number', '=', transaction).executeTakeFirst();
}

/** The posting with what hangs on it: names, corrections, forwardings. */
export async function toPosting(queries: Queries, row: PostingRow): Promise<Posting> {
  const transaction = row.transaction_number as Transaction;
  const files = await queries
    .selectFrom('mailbox_file')
    .innerJoin('mailbox', 'mailbox.id', 'mailbox_file.mailbox_id')
    .select(['mailbox.name as mailbox', 'mailbox_file.name'])
    .where('mailbox_file.transaction_number', '=', transaction)
    .orderBy('mailbox.name')
    .execute();
  const corrections = await queries
    .selectFrom('posting')
    .select('transaction_number')
    .where('corrects', '=', transaction)
    .orderBy('transaction_number')
    .execute();
  const forwardings = await queries
    .selectFrom('forwarding')
    .select(['id', 'account', 'way', 'state'])
    .where('transaction_number', '=', transaction)
    .orderBy('id')
    .execute();
  return {
    transaction,
    postedAt: row.posted_at,
    postedBy: row.poster as ParticipantName,
    originalName: row.original_name,
    format: row.format as FormatName,
    profile: row.profile,
    bytes: row.bytes,
    sha256: row.sha256 as Sha256,
    summary: JSON.parse(row.summary) as Summary,
    isComplete: row.is_complete === 1,
    corrects: row.corrects as Transaction | null,
    correctedBy: corrections.map((correction) => correction.transaction_number as Transaction),
    reasonCode: row.reason_code as ReasonCode | null,
    note: row.note,
    files: files.map(({ mailbox, name }) => ({ mailbox: mailbox as MailboxName, name: name as FileName })),
    forwardings: forwardings.map(({ id, account, way, state }) => ({
      id,
      account,
      way: way as Way,
      state: state as ForwardingState,
    })),
  };
}

export async function findPosting(
  context: Context,
  reader: Participant,
  transaction: Transaction,
): Promise<Posting | undefined> {
  const row = await findPostingRow(context.database.read, transaction);
  if (row === undefined || !mayRead(reader, row.posted_by)) return undefined;
  return toPosting(context.database.read, row);
}

function mayRead(reader: Participant, postedBy: number): boolean {
  return reader.role === 'staff' || (reader.role === 'program' && reader.id === postedBy);
}

export async function listPostings(
  context: Context,
  reader: Participant,
  page: { before: Transaction | undefined; limit: number },
): Promise<{ postings: Posting[]; hasMore: boolean }> {
  const { read } = context.database;
  let query = selectPostings(read)
    .orderBy('posting.transaction_number', 'desc')
    .limit(page.limit + 1);
  if (reader.role !== 'staff') query = query.where('posting.posted_by', '=', reader.id);
  if (page.before !== undefined) query = query.where('posting.transaction_number', '<', page.before);
  const rows = await query.execute();
  const postings: Posting[] = [];
  for (const row of rows.slice(0, page.limit)) postings.push(await toPosting(read, row));
  return { postings, hasMore: rows.length > page.limit };
}

export async function getSource(context: Context, transaction: Transaction): Promise<Source> {
  const row = await context.database.read
    .selectFrom('posting')
    .innerJoin('source', 'source.id', 'posting.source_id')
    .innerJoin('file', 'file.id', 'source.file_id')
    .select([
      'file.key',
      'file.sha256',
      'file.bytes',
      'file.root',
      'file.deleted_at',
      'posting.format',
      'posting.profile',
      'posting.original_name',
    ])
    .where('posting.transaction_number', '=', transaction)
    .executeTakeFirst();
  if (row === undefined)
    throw new MdmaError('not-found', `Cannot read source: there is no transaction ${transaction}`);
  return {
    key: parseFileKey(row.key),
    sha256: row.sha256 as Sha256,
    bytes: row.bytes,
    root: row.root as Root,
    isDeleted: row.deleted_at !== null,
    format: row.format as FormatName,
    profile: row.profile,
    originalName: row.original_name,
  };
}
