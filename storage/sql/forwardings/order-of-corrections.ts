import type { ExpressionBuilder } from 'kysely';
import { isoFormats } from '../../formats/format.ts';
import { maybeSentStates, openStates, unendedStates, type Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';
import { hasSubmission } from './has-submission.ts';
import { findTradeDays, withOwnDays } from './trade-days.ts';

/** States in which a forwarding is still on its way, or may be: what waits for a person can be under validation. */
const maybeOnTheWay = [...unendedStates, 'person'];

interface Predecessor {
  readonly id: number;
  readonly is_held: number;
}

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
): Promise<Predecessor | undefined> {
  const [ofFamily] = await selectOfFamily(queries, transaction, account, way)
    .select('forwarding.is_held')
    .where('forwarding.transaction_number', '<', transaction)
    .where('forwarding.state', 'in', maybeOnTheWay)
    .where(isOnTheWay)
    .orderBy('forwarding.is_held', 'desc')
    .limit(1)
    .execute();
  if (ofFamily?.is_held === 1) return ofFamily;
  const ofDays = await findCorrectionOfDays(queries, transaction, account, way);
  return ofDays?.is_held === 1 ? ofDays : (ofFamily ?? ofDays);
}

/** From the few that are on their way to their reading sets. */
async function findCorrectionOfDays(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<Predecessor | undefined> {
  const days = await findTradeDays(queries, transaction);
  if (days === undefined) return undefined;
  const [row] = await withOwnDays(queries, days)
    .selectFrom('forwarding')
    .innerJoin('posting', 'posting.transaction_number', 'forwarding.transaction_number')
    .select(['forwarding.id', 'forwarding.is_held'])
    .where('forwarding.state', 'in', maybeOnTheWay)
    .where(isOnTheWay)
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where('forwarding.transaction_number', '<', transaction)
    .where('posting.corrects', 'is not', null)
    .where('posting.format', 'not in', isoFormats)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('own_days')
          .crossJoin('reading_set as other')
          .select('other.number')
          .whereRef('other.source_id', '=', 'posting.source_id')
          .whereRef('other.meter', '=', 'own_days.meter')
          .whereRef('other.unit', '=', 'own_days.unit')
          .whereRef('other.channel', '=', 'own_days.channel')
          .whereRef('other.period_start_at', '<', 'own_days.to_at')
          .whereRef('other.period_end_at', '>', 'own_days.from_at'),
      ),
    )
    .orderBy('forwarding.is_held', 'desc')
    .limit(1)
    .execute();
  return row;
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
    .where('forwarding.transaction_number', '>', transaction)
    .where(hasSubmission(maybeSentStates))
    .limit(1)
    .execute();
  return row?.id ?? (await findLaterOfDays(queries, transaction, account, way));
}

/**
 * From the meters of the correction to what was posted of them since: what was posted of others costs nothing. Numbers of
 * sources rise nearly as those of transactions do, so that the first that matters is found from the forwardings.
 */
async function findLaterOfDays(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<number | null> {
  const days = await findTradeDays(queries, transaction);
  if (days === undefined) return null;
  const [row] = await withOwnDays(queries, days)
    .selectFrom('own_days')
    .crossJoin('reading_set as other')
    .crossJoin('posting')
    .crossJoin('forwarding')
    .select('forwarding.id')
    .whereRef('other.meter', '=', 'own_days.meter')
    .where('other.source_id', '>=', ({ selectFrom }) =>
      selectFrom('forwarding as later')
        .innerJoin('posting as later_posting', 'later_posting.transaction_number', 'later.transaction_number')
        .select(({ fn }) => fn.min('later_posting.source_id').as('first'))
        .where('later.transaction_number', '>', transaction)
        .where('later.account', '=', account)
        .where('later.way', '=', way),
    )
    .whereRef('other.unit', '=', 'own_days.unit')
    .whereRef('other.channel', '=', 'own_days.channel')
    .whereRef('other.period_start_at', '<', 'own_days.to_at')
    .whereRef('other.period_end_at', '>', 'own_days.from_at')
    .whereRef('posting.source_id', '=', 'other.source_id')
    .where('posting.transaction_number', '>', transaction)
    .where('posting.format', 'not in', isoFormats)
    .whereRef('forwarding.transaction_number', '=', 'posting.transaction_number')
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where(hasSubmission(maybeSentStates))
    .limit(1)
    .execute();
  return row?.id ?? null;
}

/** Of those that wait for a person only what has a part without its end at the ISO. */
function isOnTheWay(eb: ExpressionBuilder<Schema, 'forwarding'>) {
  return eb.or([eb('forwarding.state', '<>', 'person'), hasSubmission(openStates)(eb)]);
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
