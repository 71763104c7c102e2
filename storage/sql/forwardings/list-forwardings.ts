import type { Attention, ForwardingState, Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Forwarding, Forwardings, ListedForwarding, Part } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';
import type { Schema } from '../schema.ts';
import { findRelated } from './find-related.ts';
import { loadParts } from './load-parts.ts';

type Filter = Parameters<Forwardings['listForwardings']>[0];

export async function listForwardings(
  context: Context,
  { state, transaction, before, needsAttention, limit }: Filter,
): Promise<{ forwardings: ListedForwarding[]; hasMore: boolean }> {
  const queries = context.database.read;
  let query = queries
    .selectFrom('forwarding')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (state !== undefined) query = query.where('state', '=', state);
  if (transaction !== undefined) query = query.where('transaction_number', '=', transaction);
  if (before !== undefined) query = query.where('id', '<', before);
  if (needsAttention === true) {
    // As they are counted, by the indexes of the two, however few there are in a large table.
    query = query.where(({ eb, selectFrom }) =>
      eb(
        'id',
        'in',
        selectFrom('forwarding as asking')
          .select('asking.id')
          .where('asking.state', '=', 'person')
          .unionAll(
            selectFrom('forwarding as asking')
              .select('asking.id')
              .where('asking.attention', 'is not', null)
              .where('asking.due_at', 'is not', null)
              .where('asking.is_held', '=', 0),
          ),
      ),
    );
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const parts = await loadParts(
    queries,
    shown.map(({ id }) => id),
  );
  return {
    forwardings: shown.map((row) => toForwarding(row, parts.get(row.id) ?? [])),
    hasMore: rows.length > limit,
  };
}

export async function findForwarding(context: Context, id: number): Promise<Forwarding | undefined> {
  const queries = context.database.read;
  const [row] = await queries.selectFrom('forwarding').selectAll().where('id', '=', id).execute();
  if (row === undefined) return undefined;
  const parts = await loadParts(queries, [id]);
  const events = await queries
    .selectFrom('event')
    .select(['sequence', 'at', 'kind', 'body'])
    .where('subject', '=', 'forwarding')
    .where('subject_id', '=', id)
    .orderBy('sequence')
    .execute();
  return {
    ...toForwarding(row, parts.get(id) ?? []),
    ...(await findRelated(queries, id)),
    history: events.map((event) => ({ ...event, body: JSON.parse(event.body) as unknown })),
  };
}

type Row = Omit<Schema['forwarding'], 'id' | 'is_held' | 'unmapped' | 'backfill'> & {
  id: number;
  is_held: number;
  unmapped: number;
  backfill: number;
};

function toForwarding(row: Row, parts: readonly Part[]): ListedForwarding {
  return {
    id: row.id,
    transaction: row.transaction_number as Transaction,
    account: row.account,
    way: row.way as Way,
    state: row.state as ForwardingState,
    createdAt: row.created_at,
    backfill: row.backfill,
    stuckSinceAt: row.stuck_since_at,
    attention: row.attention as Attention | null,
    parts,
    reason: row.reason,
    dueAt: row.due_at,
    isHeld: row.is_held === 1,
    unmapped: row.unmapped,
    changedAt: row.changed_at,
  };
}
