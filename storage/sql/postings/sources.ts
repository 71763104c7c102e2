import type { ReadingSet } from '../../formats/format.ts';
import type { Context } from '../context.ts';
import { insertReadingSets } from './insert-reading-sets.ts';

/** Reading sets taken back in one transaction, so that others come between. */
const dropBatch = 5_000;

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
        .selectFrom('reading_set_row')
        .select('number')
        .where('source_id', '=', sourceId)
        .orderBy('number')
        .limit(dropBatch);
      const { numDeletedRows } = await queries
        .deleteFrom('reading_set_row')
        .where('source_id', '=', sourceId)
        .where('number', 'in', numbers)
        .executeTakeFirstOrThrow();
      if (numDeletedRows > 0n) return false;
      await queries.deleteFrom('reading_set_kind').where('source_id', '=', sourceId).execute();
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
