import { MdmaError } from '../../model/errors.ts';
import { endStates, type ForwardingState, toStateOfParts } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { loadParts } from './load-parts.ts';

export function setHold(
  context: Context,
  id: number,
  isHeld: boolean,
  by: string,
  reason: string,
): Promise<void> {
  return context.database.write(async (queries) => {
    const { state } = await getForwarding(queries, id);
    const verb = isHeld ? 'hold' : 'release';
    if (endStates.includes(state)) throw toConflict(verb, id, `it is ${state}`);
    await queries
      .updateTable('forwarding')
      .set({ is_held: isHeld ? 1 : 0, changed_at: context.clock.now() })
      .where('id', '=', id)
      .execute();
    await appendEvent(queries, context, {
      subject: 'forwarding',
      subjectId: id,
      kind: isHeld ? 'held' : 'released',
      body: { by, reason },
    });
  });
}

export function retryForwarding(
  context: Context,
  id: number,
  now: Instant,
  by: string,
  reason: string,
): Promise<void> {
  return context.database.write(async (queries) => {
    const { state, leaseUntilAt } = await getForwarding(queries, id);
    if (state !== 'person' && endStates.includes(state)) throw toConflict('retry', id, `it is ${state}`);
    if (leaseUntilAt !== null && leaseUntilAt > context.clock.now()) {
      throw toConflict('retry', id, 'it is being worked on');
    }
    const parts = (await loadParts(queries, [id])).get(id) ?? [];
    await act(queries, context, id, {
      kind: 'retried',
      state: toStateOfParts(parts),
      dueAt: now,
      words: `retried by ${by}: ${reason}`,
      by,
    });
  });
}

export function closeForwarding(context: Context, id: number, by: string, reason: string): Promise<void> {
  return context.database.write(async (queries) => {
    const { state, isHeld, leaseUntilAt } = await getForwarding(queries, id);
    const isStill = state === 'person' || (isHeld && !endStates.includes(state));
    if (!isStill) throw toConflict('close', id, `it is ${state}, neither on hold nor waiting for a person`);
    if (leaseUntilAt !== null && leaseUntilAt > context.clock.now()) {
      throw toConflict('close', id, 'it is being worked on');
    }
    const words = `closed by ${by}: ${reason}`;
    await act(queries, context, id, { kind: 'closed', state: 'closed', dueAt: null, words, by });
  });
}

async function getForwarding(
  queries: Queries,
  id: number,
): Promise<{ state: ForwardingState; isHeld: boolean; leaseUntilAt: Instant | null }> {
  const [row] = await queries
    .selectFrom('forwarding')
    .select(['state', 'is_held', 'lease_until_at'])
    .where('id', '=', id)
    .execute();
  if (row === undefined) throw new MdmaError('not-found', `Cannot find forwarding ${id}: there is none`);
  return {
    state: row.state as ForwardingState,
    isHeld: row.is_held === 1,
    leaseUntilAt: row.lease_until_at,
  };
}

async function act(
  queries: Queries,
  context: Context,
  id: number,
  done: { kind: string; state: ForwardingState; dueAt: Instant | null; words: string; by: string },
): Promise<void> {
  const { kind, state, dueAt, words: reason, by } = done;
  const now = context.clock.now();
  await queries
    .updateTable('forwarding')
    .set({ state, reason, due_at: dueAt, lease_holder: null, lease_until_at: null, changed_at: now })
    .set({ stuck_since_at: null, attention: null })
    .$if(endStates.includes(state), (query) => query.set({ is_held: 0 }))
    .where('id', '=', id)
    .execute();
  await appendEvent(queries, context, {
    subject: 'forwarding',
    subjectId: id,
    kind,
    at: now,
    body: { state, reason, by },
  });
}

function toConflict(verb: string, id: number, found: string): MdmaError {
  return new MdmaError('conflict', `Cannot ${verb} forwarding ${id}: ${found}`);
}
