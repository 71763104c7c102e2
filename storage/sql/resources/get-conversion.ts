import type { Transaction } from '../../model/transaction.ts';
import type { Conversion, Resource } from '../../ports/resources.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { toResource } from './rows.ts';

/**
 * A correction that came later takes no set out of a forwarding, so that what is made of a posting does not hang on
 * when the bridge comes to it; only a backfill, made long after, leaves out what was replaced meanwhile.
 */
export async function getConversion(context: Context, forwardingId: number): Promise<Conversion> {
  const { read } = context.database;
  const row = await read
    .selectFrom('forwarding')
    .innerJoin('posting', 'posting.transaction_number', 'forwarding.transaction_number')
    .select(['forwarding.transaction_number as transaction', 'backfill', 'corrects', 'source_id'])
    .where('forwarding.id', '=', forwardingId)
    .executeTakeFirstOrThrow();
  const { transaction, backfill } = row;
  return {
    mapped: await listAsOf(read, transaction, await getCreation(read, forwardingId)),
    mappedBefore: backfill === 0 ? [] : await listMappedBefore(read, transaction, backfill),
    dead: await listDead(read, row.source_id, backfill === 0 ? ['withdrawn'] : ['withdrawn', 'superseded']),
    firstPart: await findFirstPart(read, forwardingId),
    isCorrection: row.corrects !== null,
  };
}

async function findFirstPart(queries: Queries, forwardingId: number): Promise<number> {
  const [last] = await queries
    .selectFrom('forwarding')
    .innerJoin('forwarding as sibling', (join) =>
      join
        .onRef('sibling.transaction_number', '=', 'forwarding.transaction_number')
        .onRef('sibling.account', '=', 'forwarding.account')
        .onRef('sibling.way', '=', 'forwarding.way')
        .onRef('sibling.backfill', '<', 'forwarding.backfill'),
    )
    .innerJoin('part', 'part.forwarding_id', 'sibling.id')
    .select('part.number')
    .where('forwarding.id', '=', forwardingId)
    .orderBy('part.number', 'desc')
    .limit(1)
    .execute();
  return (last?.number ?? 0) + 1;
}

/** The numbers of a source's reading sets in some states. */
async function listDead(
  queries: Queries,
  sourceId: number,
  states: readonly string[],
): Promise<ReadonlySet<number>> {
  const rows = await queries
    .selectFrom('reading_set')
    .select('number')
    .where('source_id', '=', sourceId)
    .where('state', 'in', states)
    .execute();
  return new Set(rows.map(({ number }) => number));
}

/** The event of a forwarding's creation: what was mapped then is what it is converted by. */
async function getCreation(queries: Queries, forwardingId: number): Promise<number> {
  const { sequence } = await queries
    .selectFrom('event')
    .select('sequence')
    .where('subject', '=', 'forwarding')
    .where('subject_id', '=', forwardingId)
    .where('kind', '=', 'created')
    .executeTakeFirstOrThrow();
  return sequence;
}

/**
 * The mappings that were in force when a posting was made, or when any forwarding of it before a backfill was.
 *
 * @throws when the event of the posting is missing: without it what was sent already would be due again
 */
export async function listMappedBefore(
  queries: Queries,
  transaction: number,
  backfill: number,
): Promise<Resource[]> {
  const posted = await queries
    .selectFrom('event')
    .select('sequence')
    .where('subject', '=', 'posting')
    .where('subject_id', '=', transaction)
    .where('kind', '=', 'posted')
    .executeTakeFirst();
  if (posted === undefined) {
    throw new Error(`Cannot convert transaction ${transaction}: the event of its posting is missing`);
  }
  const created = await queries
    .selectFrom('forwarding')
    .innerJoin('event', (join) =>
      join
        .onRef('event.subject_id', '=', 'forwarding.id')
        .on('event.subject', '=', 'forwarding')
        .on('event.kind', '=', 'created'),
    )
    .select('event.sequence')
    .where('forwarding.transaction_number', '=', transaction)
    .where('forwarding.backfill', '<', backfill)
    .execute();
  return listAsOf(queries, transaction, posted.sequence, ...created.map(({ sequence }) => sequence));
}

export function listMapped(context: Context, transaction: Transaction): Promise<Resource[]> {
  return listAsOf(context.database.read, transaction, Number.MAX_SAFE_INTEGER);
}

/** Reading sets looked at at once: SQLite holds what it tells apart in memory, and keeps that memory. */
const setsAtOnce = 2_000;

/** The mappings of a posting's meters and units that were in force at an event, or at any of several. */
export async function listAsOf(
  queries: Queries,
  transaction: number,
  ...events: number[]
): Promise<Resource[]> {
  const { source_id: sourceId, sets } = await queries
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .select(['posting.source_id', (eb) => eb.fn.max('number').as('sets')])
    .where('posting.transaction_number', '=', transaction)
    .executeTakeFirstOrThrow();
  const found = new Map<string, Resource>();
  const share = createSharer();
  for (let from = 0; from <= sets; from += setsAtOnce) {
    const rows = await queries
      .selectFrom('reading_set')
      .innerJoin('resource', (join) =>
        join
          .onRef('resource.meter', '=', 'reading_set.meter')
          .onRef('resource.unit', '=', 'reading_set.unit'),
      )
      .selectAll('resource')
      .distinct()
      .where('source_id', '=', sourceId)
      .where('number', '>=', from)
      .where('number', '<', from + setsAtOnce)
      .where((eb) =>
        eb.or(
          events.map((event) =>
            eb.and([
              eb('resource.since_event', '<=', event),
              eb.or([eb('resource.until_event', 'is', null), eb('resource.until_event', '>', event)]),
            ]),
          ),
        ),
      )
      .execute();
    for (const row of rows) {
      const key = `${row.id} ${row.since_event}`;
      if (!found.has(key)) found.set(key, share(toResource(row)));
    }
  }
  return [...found.values()].sort((one, other) => one.id - other.id);
}

/** Makes equal words one string each: a posting may have 100,000 mappings, of which most say the same. */
function createSharer(): (resource: Resource) => Resource {
  const words = new Map<string, string>();
  const share = <Word extends string>(word: Word): Word => {
    const first = words.get(word);
    if (first === undefined) words.set(word, word);
    return (first ?? word) as Word;
  };
  return (resource) => ({
    ...resource,
    channel: share(resource.channel),
    unit: share(resource.unit),
    measurementType: share(resource.measurementType),
    isoUnit: share(resource.isoUnit),
    direction: share(resource.direction),
    account: share(resource.account),
    way: share(resource.way),
    effectiveFrom: share(resource.effectiveFrom),
  });
}
