import type { Summary } from '../../formats/format.ts';
import { MdmaError } from '../../model/errors.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { PostingOrder } from '../../ports/postings.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

/**
 * Adds the row that makes a posting.
 *
 * @throws `not-found` when what it corrects does not exist
 */
export async function insertPosting(
  queries: Queries,
  order: PostingOrder,
  summary: Summary,
  sourceId: number,
  postedAt: Instant,
): Promise<Transaction> {
  if (order.corrects !== null) {
    const corrected = await queries
      .selectFrom('posting')
      .select('transaction_number')
      .where('transaction_number', '=', order.corrects)
      .execute();
    if (corrected.length === 0) {
      throw new MdmaError(
        'not-found',
        `Cannot post a correction: there is no transaction ${order.corrects}`,
        {
          faults: [
            { at: 'corrects', value: String(order.corrects), expected: 'the transaction of a posting' },
          ],
        },
      );
    }
  }
  const [row] = await insertPostingRow(queries, {
    source_id: sourceId,
    posted_by: order.postedBy.id,
    posted_at: postedAt,
    original_name: order.originalName,
    format: order.format,
    profile: order.profile,
    summary: JSON.stringify(summary),
    is_complete: order.isComplete ? 1 : 0,
    corrects: order.corrects,
    reason_code: order.reasonCode,
    note: order.note,
    iso_account: order.isoAccount?.name ?? null,
    idempotency_key: order.idempotency?.key ?? null,
    request_sha256: order.idempotency?.requestSha256 ?? null,
  });
  if (row === undefined) throw new Error('Cannot add posting: the row did not come back');
  return row.transaction_number as Transaction;
}

interface PostingValues {
  source_id: number;
  posted_by: number;
  posted_at: number;
  original_name: string;
  format: string;
  profile: string;
  summary: string;
  is_complete: number;
  corrects: number | null;
  reason_code: string | null;
  note: string;
  iso_account: string | null;
  idempotency_key: string | null;
  request_sha256: string | null;
}

const insertPostingRow = prepared((queries, values: PostingValues) =>
  queries
    .insertInto('posting')
    .values({
      source_id: values.source_id,
      posted_by: values.posted_by,
      posted_at: values.posted_at,
      original_name: values.original_name,
      format: values.format,
      profile: values.profile,
      summary: values.summary,
      is_complete: values.is_complete,
      corrects: values.corrects,
      reason_code: values.reason_code,
      note: values.note,
      iso_account: values.iso_account,
      idempotency_key: values.idempotency_key,
      request_sha256: values.request_sha256,
    })
    .returning('transaction_number'),
);
