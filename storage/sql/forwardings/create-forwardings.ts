import { sql } from 'kysely';
import { type FormatName, isIsoFormat } from '../../formats/format.ts';
import { duePurposes } from '../../model/due-purposes.ts';
import type { ForwardingState, Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import { toTradeDay } from '../../model/trade-day.ts';
import type { Transaction } from '../../model/transaction.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';
import { supersedeForwardings } from './supersede-forwardings.ts';

export interface ForwardingOrder {
  readonly transaction: Transaction;
  readonly sourceId: number;
  /** For pass-through of the ISO's own formats (ruling 25). */
  readonly isoAccount: { readonly name: string; readonly way: Way } | null;
  readonly corrects: Transaction | null;
  readonly format: FormatName;
  readonly now: Instant;
}

export interface CreatedForwarding {
  readonly id: number;
  readonly account: string;
  readonly way: Way;
  readonly state: ForwardingState;
}

/**
 * The forwardings of a posting, made in the posting's own transaction (invariant 8): for the ISO's own formats one to
 * the account named, else one to every account that a mapped meter of it goes to. What the posting corrects must have
 * been marked superseded before.
 */
export async function createForwardings(
  queries: Queries,
  context: Pick<Context, 'clock' | 'instance'>,
  order: ForwardingOrder,
): Promise<CreatedForwarding[]> {
  const targets = isIsoFormat(order.format) ? toTargets(order) : await findTargets(queries, order.sourceId);
  const created: CreatedForwarding[] = [];
  for (const { account, way } of targets) {
    if (order.corrects !== null) {
      await supersedeForwardings(queries, context, {
        transaction: order.corrects,
        account,
        way,
        by: order.transaction,
        now: order.now,
      });
    }
    const [row] = await insertForwarding(queries, {
      transaction: order.transaction,
      account,
      way,
      now: order.now,
    });
    if (row === undefined) throw new Error('Cannot add forwarding: the row did not come back');
    await appendEvent(queries, context, {
      subject: 'forwarding',
      subjectId: row.id,
      kind: 'created',
      at: order.now,
      body: { state: 'due', transaction: order.transaction, account, way },
    });
    created.push({ id: row.id, account, way, state: 'due' });
  }
  return created;
}

type Target = { readonly account: string; readonly way: Way };

function toTargets({ isoAccount }: ForwardingOrder): Target[] {
  return isoAccount === null ? [] : [{ account: isoAccount.name, way: isoAccount.way }];
}

/**
 * One row a resource: with what is due to the ISO (ruling 24) of the meter and unit, over all records of the source.
 * The days are compared afterwards, because a trade day is a day of the ISO's zone.
 */
const selectMapped = prepared((queries, values: { sourceId: number }) =>
  queries
    .selectFrom('reading_set')
    .innerJoin('resource', (join) =>
      join
        .onRef('resource.meter', '=', 'reading_set.meter')
        .onRef('resource.unit', '=', 'reading_set.unit')
        .on('resource.until_event', 'is', sql.lit(null)),
    )
    .where(sql<boolean>`resource.channel in ('', reading_set.channel)`)
    .select(({ fn }) => [
      'resource.account',
      'resource.way',
      'resource.effective_from',
      'resource.effective_to',
      fn.min('reading_set.period_start_at').as('start_at'),
      fn.max('reading_set.period_end_at').as('end_at'),
    ])
    .where('reading_set.source_id', '=', values.sourceId)
    .where('reading_set.state', '=', sql.lit('live'))
    .where(sql<boolean>`upper(reading_set.purpose) in (${sql.join(duePurposes.map(sql.lit))})`)
    .where(sql<boolean>`reading_set.readings > reading_set.raw + reading_set.missing`)
    .groupBy('resource.id')
    .orderBy('resource.account'),
);

async function findTargets(queries: Queries, sourceId: number): Promise<Target[]> {
  const rows = await selectMapped(queries, { sourceId });
  const targets = new Map<string, Target>();
  for (const row of rows) {
    const { account, way, effective_from: from, effective_to: to } = row;
    const isEffective = from <= toTradeDay(row.end_at) && (to === null || to > toTradeDay(row.start_at + 1));
    if (isEffective) targets.set(`${way} ${account}`, { account, way: way as Way });
  }
  return [...targets.values()];
}

const insertForwarding = prepared(
  (queries, values: { transaction: number; account: string; way: string; now: number }) =>
    queries
      .insertInto('forwarding')
      .values({
        transaction_number: values.transaction,
        account: values.account,
        way: values.way,
        state: 'due',
        reason: '',
        due_at: values.now,
        lease_holder: null,
        lease_until_at: null,
        created_at: values.now,
        changed_at: values.now,
      })
      .returning('id'),
);
