import { MdmaError } from '../../model/errors.ts';
import { endStates, type ForwardingState } from '../../model/forwarding.ts';
import type { Move } from '../../ports/forwardings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';

export interface HeldForwarding {
  readonly id: number;
  readonly state: ForwardingState;
  readonly reason: string;
}

/**
 * The fence of every move: the forwarding when this instance holds its lease at this moment, inside the transaction of
 * the move.
 *
 * @throws `conflict` when the lease is over or another's
 */
export async function getHeldForwarding(
  queries: Queries,
  context: Context,
  id: number,
): Promise<HeldForwarding> {
  const [row] = await queries
    .selectFrom('forwarding')
    .select(['id', 'state', 'reason'])
    .where('id', '=', id)
    .where('lease_holder', '=', context.instance)
    .where('lease_until_at', '>', context.clock.now())
    .execute();
  if (row === undefined) {
    throw new MdmaError('conflict', `Cannot move forwarding ${id}: this program no longer holds its lease`);
  }
  return { ...row, state: row.state as ForwardingState };
}

/** Moves a held forwarding and gives its lease back. A move that changes only the due time is no event. */
export async function moveHeld(
  queries: Queries,
  context: Context,
  held: HeldForwarding,
  { state, reason, dueAt, stuckSinceAt = null, attention = null }: Move,
): Promise<void> {
  const now = context.clock.now();
  const isEvent = state !== held.state || reason !== held.reason;
  await queries
    .updateTable('forwarding')
    .set({ state, reason, due_at: dueAt, lease_holder: null, lease_until_at: null })
    .set({ stuck_since_at: stuckSinceAt, attention })
    // Staff may have put it on hold meanwhile: what has ended is not on hold.
    .$if(endStates.includes(state), (query) => query.set({ is_held: 0 }))
    .$if(isEvent, (query) => query.set({ changed_at: now }))
    .where('id', '=', held.id)
    .execute();
  if (!isEvent) return;
  await appendEvent(queries, context, {
    subject: 'forwarding',
    subjectId: held.id,
    kind: 'moved',
    at: now,
    body: { state, reason, ...(attention && { attention }) },
  });
}
