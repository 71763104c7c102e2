import type { Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/** States in which a forwarding is still on its way. */
const onTheWay = ['due', 'prepared', 'submitting', 'unknown', 'following'];

/**
 * A forwarding to the same account, still on its way, of what was posted earlier about the same data: what a posting
 * corrects, however many corrections back, and the corrections of that.
 */
export async function findPredecessor(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<number | null> {
  const [row] = await selectOfFamily(queries, transaction, account, way)
    .where('forwarding.transaction_number', '<', transaction)
    .where('forwarding.state', 'in', onTheWay)
    .limit(1)
    .execute();
  return row?.id ?? null;
}

/** A forwarding to the same account, of what was posted later about it, of which something may be at the ISO already. */
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
    .where('submission.state', 'not in', ['absent', 'refused'])
    .limit(1)
    .execute();
  return row?.id ?? null;
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
