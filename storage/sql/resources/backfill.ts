import { sql } from 'kysely';
import { isoFormats } from '../../formats/format.ts';
import type { Way } from '../../model/forwarding.ts';
import { createMappingFinder } from '../../model/resource.ts';
import { dayMs, hourMs, type Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Act, BackfillOffer } from '../../ports/resources.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { selectDueSets } from './due-sets.ts';
import { listAsOf, listMappedBefore } from './get-conversion.ts';

/** Postings looked at for one page at a time. */
const postingsAtOnce = 50;

export async function listBackfill(
  context: Context,
  page: { after: number; limit: number },
): Promise<BackfillOffer[]> {
  const { read } = context.database;
  const offers: BackfillOffer[] = [];
  for (let { after } = page; offers.length < page.limit; ) {
    const candidates = await listCandidates(read, after);
    for (const transaction of candidates) offers.push(...(await listOffers(read, transaction)));
    after = candidates.at(-1) ?? 0;
    if (candidates.length < postingsAtOnce) break;
  }
  // A posting's offers stay together, so that the next page can begin after it.
  const last = offers[page.limit - 1]?.transaction ?? Number.POSITIVE_INFINITY;
  return offers.filter(({ transaction }) => transaction <= last);
}

export function backfill(context: Context, transaction: Transaction, { by, reason }: Act): Promise<number[]> {
  return context.database.write(async (queries) => {
    const offers = await listOffers(queries, transaction);
    const count = (await findLastBackfill(queries, transaction)) + 1;
    const now = context.clock.now();
    const created: number[] = [];
    for (const { account, way } of offers) {
      const { id } = await queries
        .insertInto('forwarding')
        .values({
          transaction_number: transaction,
          account,
          way,
          backfill: count,
          state: 'due',
          reason: '',
          due_at: now,
          lease_holder: null,
          lease_until_at: null,
          created_at: now,
          changed_at: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const body = { state: 'due', transaction, account, way, backfill: count, by, reason };
      await appendEvent(queries, context, {
        subject: 'forwarding',
        subjectId: id,
        kind: 'created',
        at: now,
        body,
      });
      created.push(id);
    }
    return created;
  });
}

/** Postings with a meter whose mapping in force is younger than they are. */
async function listCandidates(queries: Queries, after: number): Promise<Transaction[]> {
  const rows = await queries
    .selectFrom('posting')
    .innerJoin('event', (join) =>
      join
        .onRef('event.subject_id', '=', 'posting.transaction_number')
        .on('event.subject', '=', 'posting')
        .on('event.kind', '=', 'posted'),
    )
    .select('posting.transaction_number')
    .where('posting.transaction_number', '>', after)
    .where('posting.format', 'not in', isoFormats)
    .where(({ exists }) =>
      exists(
        selectDueSets(queries)
          .innerJoin('resource', (join) =>
            join
              .onRef('resource.meter', '=', 'reading_set.meter')
              .onRef('resource.unit', '=', 'reading_set.unit')
              .on('resource.until_event', 'is', null),
          )
          .select('reading_set.number')
          .where(
            sql<boolean>`reading_set.source_id = posting.source_id and resource.since_event > event.sequence`,
          )
          .where('reading_set.state', '=', 'live'),
      ),
    )
    .orderBy('posting.transaction_number')
    .limit(postingsAtOnce)
    .execute();
  return rows.map((row) => row.transaction_number as Transaction);
}

/** What of a posting is mapped now, and was mapped when none of its forwardings was created. */
async function listOffers(queries: Queries, transaction: Transaction): Promise<BackfillOffer[]> {
  const findNow = createMappingFinder(await listAsOf(queries, transaction, Number.MAX_SAFE_INTEGER));
  const findBefore = createMappingFinder(
    await listMappedBefore(queries, transaction, Number.MAX_SAFE_INTEGER),
  );
  const sets = await selectDueSets(queries)
    .innerJoin('posting', 'posting.source_id', 'reading_set.source_id')
    .select(['meter', 'channel', 'unit', 'period_start_at', 'period_end_at', 'readings', 'raw', 'missing'])
    .where('transaction_number', '=', transaction)
    .where('state', '=', 'live')
    .execute();
  const offers = new Map<string, BackfillOffer & { readonly names: Set<string> }>();
  for (const set of sets) {
    for (const [account, way] of listNewTargets(set)) {
      const offer = offers.get(account) ?? {
        transaction,
        account,
        way,
        meters: 0,
        readings: 0,
        names: new Set(),
      };
      offer.names.add(set.meter);
      const readings = offer.readings + set.readings - set.raw - set.missing;
      offers.set(account, { ...offer, meters: offer.names.size, readings });
    }
  }
  return [...offers.values()].map(({ names: _names, ...offer }) => offer);

  function listNewTargets(set: (typeof sets)[number]): Map<string, Way> {
    const targets = new Map<string, Way>();
    for (const endAt of toDays(set.period_start_at, set.period_end_at)) {
      const mapping = findNow(set, endAt);
      if (mapping !== undefined && findBefore(set, endAt) === undefined)
        targets.set(mapping.account, mapping.way);
    }
    return targets;
  }
}

/** An instant in each of the days that a period touches; a day more or less than 24 hours long is not passed over. */
function toDays(startAt: Instant, endAt: Instant): Instant[] {
  const days: Instant[] = [];
  for (let at = startAt + hourMs / 60; at < endAt; at += dayMs - hourMs) days.push(at);
  return [...days, endAt];
}

async function findLastBackfill(queries: Queries, transaction: Transaction): Promise<number> {
  const [row] = await queries
    .selectFrom('forwarding')
    .select('backfill')
    .where('transaction_number', '=', transaction)
    .orderBy('backfill', 'desc')
    .limit(1)
    .execute();
  return row?.backfill ?? 0;
}
