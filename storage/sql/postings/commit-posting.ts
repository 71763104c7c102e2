import type { ReadingSet, Summary } from '../../formats/format.ts';
import { MdmaError } from '../../model/errors.ts';
import { archiveMonths } from '../../model/retention.ts';
import { addMonths, dayMs, type Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Mailbox } from '../../ports/mailboxes.ts';
import type { DurableFile, Posting, PostingOrder } from '../../ports/postings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { insertFile } from '../files/insert-file.ts';
import { insertMailboxFile } from '../files/insert-mailbox-file.ts';
import { createForwardings } from '../forwardings/create-forwardings.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';
import { demandMapping } from '../resources/demand-mapping.ts';
import { findPostingRow, toPosting } from './find-posting.ts';
import { insertPosting } from './insert-posting.ts';
import { insertReadingSets } from './insert-reading-sets.ts';
import { supersedeReadingSets } from './supersede-reading-sets.ts';

export interface Scanned {
  readonly summary: Summary;
  readonly sourceId: number | undefined;
  readonly sets: readonly ReadingSet[];
}

/**
 * The one transaction that makes a posting true: bytes are durable before, and everything people and programs see of
 * it appears with it (invariants 1, 2, 4, 8).
 */
export function commitPosting(
  context: Context,
  order: PostingOrder,
  file: DurableFile,
  scanned: Scanned,
): Promise<{ posting: Posting; isReplay: boolean }> {
  return context.database.write(async (queries) => {
    const earlier = await findReplay(queries, order);
    if (earlier !== undefined) return { posting: await toPosting(queries, earlier), isReplay: true };

    const postedAt = context.clock.now();
    const fileId = await insertFile(queries, file, {
      createdAt: postedAt,
      leavesAt: toLeavesAt(order.mailboxes, postedAt),
      deleteAt: addMonths(postedAt, archiveMonths),
      isServed: order.mailboxes.length > 0,
    });
    const sourceId = await insertSource(queries, context, scanned, fileId);
    const transaction = await insertPosting(queries, order, scanned.summary, sourceId, postedAt);
    await insertDerivation(queries, { fileId, sourceId, bytes: file.bytes });
    const files = [];
    for (const mailbox of order.mailboxes) {
      const name = await insertMailboxFile(queries, {
        mailbox,
        transaction,
        fileId,
        records: scanned.summary.records,
        postedAt,
      });
      files.push({ mailbox: mailbox.name, name });
    }
    if (order.corrects !== null) await supersedeReadingSets(queries, sourceId, order.corrects);
    await demandMapping(queries, order.mailboxes, sourceId);
    const forwardings = await createForwardings(queries, context, {
      transaction,
      sourceId,
      isoAccount: order.isoAccount,
      corrects: order.corrects,
      format: scanned.summary.format,
      now: postedAt,
    });
    const { name: postedBy } = order.postedBy;
    await appendEvent(queries, context, {
      subject: 'posting',
      subjectId: transaction,
      kind: 'posted',
      at: postedAt,
      body: { by: postedBy, sha256: file.sha256, bytes: file.bytes, files, corrects: order.corrects },
    });
    const posting: Posting = {
      transaction,
      postedAt,
      postedBy,
      originalName: order.originalName,
      format: order.format,
      profile: order.profile,
      bytes: file.bytes,
      sha256: file.sha256,
      summary: scanned.summary,
      isComplete: order.isComplete,
      corrects: order.corrects,
      correctedBy: [],
      reasonCode: order.reasonCode,
      note: order.note,
      files,
      forwardings,
    };
    return { posting, isReplay: false };
  });
}

/** When the last of the mailboxes stops showing it; a posting to none goes to the archive at once. */
function toLeavesAt(mailboxes: readonly Mailbox[], postedAt: Instant): Instant {
  return Math.max(postedAt, ...mailboxes.map(({ onLineDays }) => postedAt + onLineDays * dayMs));
}

async function findReplay(queries: Queries, order: PostingOrder) {
  if (order.idempotency === null) return undefined;
  const { key, requestSha256 } = order.idempotency;
  const known = await queries
    .selectFrom('posting')
    .select(['transaction_number', 'request_sha256'])
    .where('posted_by', '=', order.postedBy.id)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  if (known === undefined) return undefined;
  if (known.request_sha256 !== requestSha256) {
    throw new MdmaError(
      'idempotency-mismatch',
      `Cannot post: Idempotency-Key "${key}" was used for another request, transaction ${known.transaction_number}`,
    );
  }
  return findPostingRow(queries, known.transaction_number as Transaction);
}

const insertPostedSource = prepared((queries, values: { instance: string; fileId: number }) =>
  queries
    .insertInto('source')
    .values({ state: 'posted', instance: values.instance, file_id: values.fileId })
    .returning('id'),
);

async function insertSource(
  queries: Queries,
  context: Context,
  scanned: Scanned,
  fileId: number,
): Promise<number> {
  const { sourceId, sets } = scanned;
  if (sourceId !== undefined) {
    const { numUpdatedRows } = await queries
      .updateTable('source')
      .set({ state: 'posted', file_id: fileId })
      .where('id', '=', sourceId)
      .where('state', '=', 'receiving')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n)
      throw new MdmaError('unavailable', 'Cannot post: the body took too long to arrive');
    return sourceId;
  }
  const [row] = await insertPostedSource(queries, { instance: context.instance, fileId });
  if (row === undefined) throw new Error('Cannot add source: the row did not come back');
  await insertReadingSets(queries, row.id, 0, sets);
  return row.id;
}

const insertDerivation = prepared((queries, values: { fileId: number; sourceId: number; bytes: number }) =>
  queries
    .insertInto('derivation')
    .values({ file_id: values.fileId, source_id: values.sourceId, byte_start: 0, byte_end: values.bytes }),
);
