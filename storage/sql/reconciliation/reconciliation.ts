import { sql } from 'kysely';
import { duePurposes } from '../../model/due-purposes.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Reconciliation, Stranger, WalkedFile } from '../../ports/reconciliation.ts';
import type { Context } from '../context.ts';
import { preparedBatch } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** Rows of one transaction: a list at the ISO may be thousands long, and others write, too. */
const rowsAtOnce = 1_000;

const upsertFile = preparedBatch((queries, values: Schema['iso_file']) =>
  queries
    .insertInto('iso_file')
    .values({
      account: values.account,
      iso_file_id: values.iso_file_id,
      name: values.name,
      status: values.status,
      records: values.records,
      received: values.received,
      seen_at: values.seen_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['account', 'iso_file_id']).doUpdateSet(({ ref }) => ({
        name: ref('excluded.name'),
        status: ref('excluded.status'),
        records: ref('excluded.records'),
        received: ref('excluded.received'),
        seen_at: ref('excluded.seen_at'),
      })),
    ),
);

export async function recordWalk(
  context: Context,
  account: string,
  files: readonly WalkedFile[],
): Promise<void> {
  for (let at = 0; at < files.length; at += rowsAtOnce) {
    const rows = files.slice(at, at + rowsAtOnce).map(({ fileId, ...file }) => ({
      ...file,
      account,
      iso_file_id: fileId,
      seen_at: context.clock.now(),
    }));
    await context.database.write((queries) => upsertFile(queries, rows));
  }
}

export async function listTransactions(
  context: Context,
  { fromAt, toAt, after, limit }: Parameters<Reconciliation['listTransactions']>[0],
): Promise<Transaction[]> {
  let query = context.database.read
    .selectFrom('posting')
    .select('transaction_number')
    .where('transaction_number', '>', after)
    .orderBy('transaction_number')
    .limit(limit);
  if (fromAt !== undefined) {
    query = query.where(sql<boolean>`coalesce(summary ->> 'lastAt' > ${fromAt}, true)`);
  }
  if (toAt !== undefined) query = query.where(sql<boolean>`coalesce(summary ->> 'firstAt' < ${toAt}, true)`);
  return (await query.execute()).map((row) => row.transaction_number as Transaction);
}

export async function findSpan(
  context: Context,
  transaction: Transaction,
): Promise<{ startAt: Instant; endAt: Instant } | undefined> {
  const { startAt, endAt } = await context.database.read
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .select(({ fn }) => [
      fn.min<Instant | null>('period_start_at').as('startAt'),
      fn.max<Instant | null>('period_end_at').as('endAt'),
    ])
    .where('posting.transaction_number', '=', transaction)
    .executeTakeFirstOrThrow();
  return startAt === null || endAt === null ? undefined : { startAt, endAt };
}

export async function listReplacing(
  context: Context,
  transaction: Transaction,
): Promise<{ number: number; startAt: Instant; endAt: Instant }[]> {
  const rows = await context.database.read
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .innerJoin('reading_set as newer', (join) =>
      join
        .onRef('newer.meter', '=', 'reading_set.meter')
        .onRef('newer.unit', '=', 'reading_set.unit')
        .onRef('newer.channel', '=', 'reading_set.channel'),
    )
    .innerJoin('posting as correction', 'correction.source_id', 'newer.source_id')
    .select(['reading_set.number', 'newer.period_start_at as startAt', 'newer.period_end_at as endAt'])
    .where('posting.transaction_number', '=', transaction)
    .where('correction.transaction_number', '>', transaction)
    .where('correction.corrects', 'is not', null)
    .where('newer.state', '<>', 'withdrawn')
    .where(sql<boolean>`upper(newer.purpose) in (${sql.join(duePurposes.map(sql.lit))})`)
    .where(sql<boolean>`newer.readings > newer.raw + newer.missing`)
    .execute();
  return rows;
}

export async function listStrangers(
  context: Context,
  { account, after, limit }: Parameters<Reconciliation['listStrangers']>[0],
): Promise<Stranger[]> {
  let query = context.database.read
    .selectFrom('iso_file')
    .selectAll()
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('submission')
            .innerJoin('part', 'part.id', 'submission.part_id')
            .innerJoin('forwarding', 'forwarding.id', 'part.forwarding_id')
            .select('submission.id')
            .whereRef('submission.iso_file_id', '=', 'iso_file.iso_file_id')
            .whereRef('forwarding.account', '=', 'iso_file.account'),
        ),
      ),
    )
    .orderBy('account')
    .orderBy('iso_file_id')
    .limit(limit);
  if (account !== undefined) query = query.where('account', '=', account);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('account', 'iso_file_id'), '>', tuple(after.account, after.fileId)),
    );
  }
  const rows = await query.execute();
  return rows.map((row) => ({
    account: row.account,
    fileId: row.iso_file_id,
    name: row.name,
    status: row.status,
    records: row.records,
    received: row.received,
    seenAt: row.seen_at,
  }));
}
