import type { Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/** States in which a forwarding is still on its way. */
const onTheWay = ['due', 'prepared', 'submitting', 'unknown', 'following'];

/** A forwarding to the same account, still on its way, of what a posting corrects, however many corrections back. */
export async function findPredecessor(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<number | null> {
  const [row] = await queries
    .withRecursive('earlier', (db) =>
      db
        .selectFrom('posting')
        .select('corrects as number')
        .where('transaction_number', '=', transaction)
        .where('corrects', 'is not', null)
        .union(
          db
            .selectFrom('posting')
            .innerJoin('earlier', 'earlier.number', 'posting.transaction_number')
            .select('posting.corrects as number')
            .where('posting.corrects', 'is not', null),
        ),
    )
    .selectFrom('earlier')
    .innerJoin('forwarding', 'forwarding.transaction_number', 'earlier.number')
    .select('forwarding.id')
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where('forwarding.state', 'in', onTheWay)
    .limit(1)
    .execute();
  return row?.id ?? null;
}

/** A forwarding to the same account, of a correction of a posting, of which something may be at the ISO already. */
export async function findOvertaking(
  queries: Queries,
  transaction: Transaction,
  account: string,
  way: Way,
): Promise<number | null> {
  const [row] = await queries
    .withRecursive('later', (db) =>
      db
        .selectFrom('posting')
        .select('transaction_number as number')
        .where('corrects', '=', transaction)
        .union(
          db
            .selectFrom('posting')
            .innerJoin('later', 'later.number', 'posting.corrects')
            .select('posting.transaction_number as number'),
        ),
    )
    .selectFrom('later')
    .innerJoin('forwarding', 'forwarding.transaction_number', 'later.number')
    .innerJoin('part', 'part.forwarding_id', 'forwarding.id')
    .innerJoin('submission', 'submission.part_id', 'part.id')
    .select('forwarding.id')
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .where('submission.state', 'not in', ['absent', 'refused'])
    .limit(1)
    .execute();
  return row?.id ?? null;
}
