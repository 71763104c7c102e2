import type { ExpressionBuilder } from 'kysely';
import type { Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';
import { sharesDays } from './shares-days.ts';

/** States in which a forwarding is still on its way, or may be: what waits for a person can be under validation. */
const maybeOnTheWay = ['due', 'prepared', 'submitting', 'unknown', 'following', 'person'];

/** Submissions that the ISO may have, and whose end is not known. */
const open = ['intended', 'unknown', 'sent'];

/** Submissions of which the ISO holds nothing, for certain. */
const nothingSent = ['absent', 'refused'];

/**
 * A forwarding to the same account, still on its way or with a part under validation there, of what was posted earlier
 * about the same data: what a posting corrects, however many corrections back, and the corrections of that; for a
 * correction, whose days are complete, also any other correction of the same days. One that is on hold comes before
 * others.
 */
export async function findPredecessor(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<{ readonly id: number; readonly is_held: number } | undefined> {
  const [row] = await selectOfFamily(queries, transaction, account, way)
    .select('forwarding.is_held')
    .where('forwarding.transaction_number', '<', transaction)
    .where('forwarding.state', 'in', maybeOnTheWay)
    .where(isOnTheWay)
    .orderBy('forwarding.is_held', 'desc')
    .limit(1)
    .execute();
  if (row !== undefined || !(await isCorrection(queries, transaction))) return row;
  const others = await queries
    .selectFrom('forwarding')
    .innerJoin('posting', 'posting.transaction_number', 'forwarding.transaction_number')
    .select(['forwarding.id', 'forwarding.transaction_number', 'forwarding.is_held'])
    .where('forwarding.state', 'in', maybeOnTheWay)
    .where(isOnTheWay)
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where('forwarding.transaction_number', '<', transaction)
    .where('posting.corrects', 'is not', null)
    .orderBy('forwarding.is_held', 'desc')
    .execute();
  return findSharing(queries, transaction, others);
}

/**
 * A forwarding to the same account, of what was posted later about it, of which something may be at the ISO already; for
 * a correction, whose days are complete, also of anything of the same days: what the correction says of them is older.
 */
export async function findOvertaking(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<number | null> {
  const [row] = await selectOfFamily(queries, transaction, account, way)
    .crossJoin('part')
    .crossJoin('submission')
    .whereRef('part.forwarding_id', '=', 'forwarding.id')
    .whereRef('submission.part_id', '=', 'part.id')
    .where('forwarding.transaction_number', '>', transaction)
    .where('submission.state', 'not in', nothingSent)
    .limit(1)
    .execute();
  if (row !== undefined || !(await isCorrection(queries, transaction))) return row?.id ?? null;
  const others = await queries
    .selectFrom('forwarding')
    .select(['forwarding.id', 'forwarding.transaction_number'])
    .where('forwarding.transaction_number', '>', transaction)
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('part')
          .innerJoin('submission', 'submission.part_id', 'part.id')
          .select('submission.id')
          .whereRef('part.forwarding_id', '=', 'forwarding.id')
          .where('submission.state', 'not in', nothingSent),
      ),
    )
    .execute();
  return (await findSharing(queries, transaction, others))?.id ?? null;
}

/** Of those that wait for a person only what has a part without its end at the ISO. */
function isOnTheWay({ eb, or, exists, selectFrom }: ExpressionBuilder<Schema, 'forwarding'>) {
  return or([
    eb('forwarding.state', '<>', 'person'),
    exists(
      selectFrom('part')
        .innerJoin('submission', 'submission.part_id', 'part.id')
        .select('submission.id')
        .whereRef('part.forwarding_id', '=', 'forwarding.id')
        .where('submission.state', 'in', open),
    ),
  ]);
}

async function isCorrection(queries: Queries, transaction: Transaction): Promise<boolean> {
  const [row] = await queries
    .selectFrom('posting')
    .select('corrects')
    .where('transaction_number', '=', transaction)
    .execute();
  return row !== undefined && row.corrects !== null;
}

/** The first of some forwardings that shares a trade day with a posting. */
async function findSharing<Other extends { readonly transaction_number: number }>(
  queries: Queries,
  transaction: Transaction,
  others: readonly Other[],
): Promise<Other | undefined> {
  for (const other of others) {
    if (await sharesDays(queries, transaction, other.transaction_number as Transaction)) return other;
  }
  return undefined;
}

/**
 * The forwardings to one account of a posting and of all that are linked to it by corrections, in either direction.
 *
 * A family is small and the tables grow: `CROSS JOIN` keeps SQLite to going from the one to the others, which its
 * estimate of a recursive query would not.
 */
function selectOfFamily(queries: Queries, transaction: Transaction, account: string, way: Way) {
  return queries
    .withRecursive('family', (db) =>
      db
        .selectFrom('posting')
        .select('transaction_number as number')
        .where('transaction_number', '=', transaction)
        .union(
          db
            .selectFrom('family')
            .crossJoin('posting')
            .whereRef('posting.corrects', '=', 'family.number')
            .select('posting.transaction_number as number'),
        )
        .union(
          db
            .selectFrom('family')
            .crossJoin('posting')
            .whereRef('posting.transaction_number', '=', 'family.number')
            .select((eb) => eb.ref('posting.corrects').$notNull().as('number'))
            .where('posting.corrects', 'is not', null),
        ),
    )
    .selectFrom('family')
    .crossJoin('forwarding')
    .whereRef('forwarding.transaction_number', '=', 'family.number')
    .select('forwarding.id')
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way);
}
