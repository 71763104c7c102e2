import { type Attention, type ForwardingState, toStateOfParts, type Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { ClaimedForwarding } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { loadParts } from './load-parts.ts';
import { findOvertaking, findPredecessor } from './order-of-corrections.ts';

/**
 * The literal in `is_held = 0` is what lets SQLite use the partial index `forwarding_due`: the claim reads only what
 * is due, however large the table has grown.
 */
export function claimForwarding(
  context: Context,
  account: string,
  way: Way,
  leaseUntilAt: Instant,
): Promise<ClaimedForwarding | undefined> {
  return context.database.write(async (queries) => {
    const id = await findMostOverdue(queries, context.clock.now(), account, way);
    if (id === undefined) return undefined;
    const row = await queries
      .updateTable('forwarding')
      .set({ lease_holder: context.instance, lease_until_at: leaseUntilAt })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const transaction = row.transaction_number as Transaction;
    const parts = (await loadParts(queries, [id])).get(id) ?? [];
    // What is sent is past its order: a question for its status need not look for it.
    const isToSend = ['due', 'prepared'].includes(toStateOfParts(parts));
    const predecessor = isToSend ? await findPredecessor(queries, transaction, account, way) : undefined;
    return {
      id,
      transaction,
      account,
      way,
      state: row.state as ForwardingState,
      createdAt: row.created_at,
      backfill: row.backfill,
      parts,
      stuckSinceAt: row.stuck_since_at,
      attention: row.attention as Attention | null,
      waitsFor: predecessor?.id ?? null,
      isPredecessorHeld: predecessor?.is_held === 1,
      overtakenBy: isToSend ? await findOvertaking(queries, transaction, account, way) : null,
    };
  });
}

async function findMostOverdue(
  queries: Queries,
  now: Instant,
  account: string,
  way: Way,
): Promise<number | undefined> {
  const [row] = await queries
    .selectFrom('forwarding')
    .select('id')
    .where('account', '=', account)
    .where('way', '=', way)
    .where('due_at', '<=', now)
    .where((eb) => eb('is_held', '=', eb.lit(0)))
    .where((eb) =>
      eb.or([
        eb('lease_until_at', 'is', null),
        eb('lease_until_at', '<=', now),
        eb(
          'lease_holder',
          'in',
          eb.selectFrom('instance').select('instance.id').where('instance.ended_at', 'is not', null),
        ),
      ]),
    )
    .orderBy('due_at')
    .limit(1)
    .execute();
  return row?.id;
}
