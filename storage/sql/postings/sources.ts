import type { ReadingSet } from '../../formats/format.ts';
import type { Context } from '../context.ts';
import { preparedBatch } from '../prepared.ts';
import type { Queries } from '../queries.ts';

/** Reading sets taken back in one transaction, so that others come between. */
const dropBatch = 5_000;

const insertSets = preparedBatch((queries, values: ReadingSet & { sourceId: number; number: number }) =>
  queries.insertInto('reading_set').values({
    source_id: values.sourceId,
    number: values.number,
    line: values.line,
    byte_start: values.byteStart,
    byte_end: values.byteEnd,
    sender: values.sender,
    receiver: values.receiver,
    account: values.account,
    sdp: values.sdp,
    meter: values.meter,
    commodity: values.commodity,
    unit: values.unit,
    channel: values.channel,
    purpose: values.purpose,
    multiplier: values.multiplier,
    interval_minutes: values.intervalMinutes,
    period_start_at: values.periodStartAt,
    period_end_at: values.periodEndAt,
    readings: values.readings,
    estimated: values.estimated,
    adjusted: values.adjusted,
    raw: values.raw,
    missing: values.missing,
    external_reference: values.externalReference,
    state: 'live',
  }),
);

export async function insertReadingSets(
  queries: Queries,
  sourceId: number,
  firstNumber: number,
  sets: readonly ReadingSet[],
): Promise<void> {
  const rows = sets.map((set, at) => ({ ...set, sourceId, number: firstNumber + at }));
  await insertSets(queries, rows);
}

export function openSource(context: Context): Promise<number> {
  return context.database.write(async (queries) => {
    const { id } = await queries
      .insertInto('source')
      .values({ state: 'receiving', instance: context.instance, file_id: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

export function addReadingSets(
  context: Context,
  sourceId: number,
  firstNumber: number,
  sets: readonly ReadingSet[],
): Promise<void> {
  return context.database.write((queries) => insertReadingSets(queries, sourceId, firstNumber, sets));
}

export async function dropSource(context: Context, sourceId: number): Promise<void> {
  const { database } = context;
  for (let isDone = false; !isDone; ) {
    isDone = await database.write(async (queries) => {
      const open = await queries
        .selectFrom('source')
        .select('id')
        .where('id', '=', sourceId)
        .where('state', '=', 'receiving')
        .execute();
      if (open.length === 0) return true;
      const numbers = queries
        .selectFrom('reading_set')
        .select('number')
        .where('source_id', '=', sourceId)
        .orderBy('number')
        .limit(dropBatch);
      const { numDeletedRows } = await queries
        .deleteFrom('reading_set')
        .where('source_id', '=', sourceId)
        .where('number', 'in', numbers)
        .executeTakeFirstOrThrow();
      if (numDeletedRows > 0n) return false;
      await queries.deleteFrom('source').where('id', '=', sourceId).execute();
      return true;
    });
  }
}

/** Sources that instances left open; with `dropSource` the sweep takes them back. */
export async function listOpenSources(context: Context, instances: readonly string[]): Promise<number[]> {
  if (instances.length === 0) return [];
  const rows = await context.database.read
    .selectFrom('source')
    .select('id')
    .where('state', '=', 'receiving')
    .where('instance', 'in', [...instances])
    .execute();
  return rows.map(({ id }) => id);
}
