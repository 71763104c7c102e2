import type { Instant } from '../../model/time.ts';
import { instanceTimeoutMs, type Program } from '../../ports/instances.ts';
import type { Context } from '../context.ts';

export function beginInstance(context: Context, program: Program): Promise<void> {
  return context.database.write(async (queries) => {
    const now = context.clock.now();
    await queries
      .insertInto('instance')
      .values({ id: context.instance, program, started_at: now, seen_at: now, ended_at: null })
      .execute();
  });
}

export function endInstance(context: Context): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .updateTable('instance')
      .set({ ended_at: context.clock.now() })
      .where('id', '=', context.instance)
      .execute();
  });
}

export function heartbeat(context: Context): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .updateTable('instance')
      .set({ seen_at: context.clock.now() })
      .where('id', '=', context.instance)
      .execute();
  });
}

export async function listDeadInstances(context: Context, now: Instant): Promise<string[]> {
  const rows = await context.database.read
    .selectFrom('instance')
    .select('id')
    .where((eb) => eb.or([eb('ended_at', 'is not', null), eb('seen_at', '<', now - instanceTimeoutMs)]))
    .where('id', '<>', context.instance)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('retrieval')
            .select('retrieval.id')
            .where('retrieval.state', '=', 'open')
            .whereRef('retrieval.instance', '=', 'instance.id'),
        ),
        eb.exists(
          eb
            .selectFrom('source')
            .select('source.id')
            .where('source.state', '=', 'receiving')
            .whereRef('source.instance', '=', 'instance.id'),
        ),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

export function takeLease(context: Context, name: string, untilAt: Instant): Promise<boolean> {
  return context.database.write(async (queries) => {
    const now = context.clock.now();
    const { numInsertedOrUpdatedRows } = await queries
      .insertInto('lease')
      .values({ name, holder: context.instance, until_at: untilAt })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder: context.instance, until_at: untilAt })
          .where((eb) => eb.or([eb('lease.holder', '=', context.instance), eb('lease.until_at', '<=', now)])),
      )
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  });
}

export async function findLeaseEnd(context: Context, name: string): Promise<Instant | undefined> {
  const row = await context.database.read
    .selectFrom('lease')
    .select('until_at')
    .where('name', '=', name)
    .where('until_at', '>', context.clock.now())
    .executeTakeFirst();
  return row?.until_at;
}

export function releaseLease(context: Context, name: string): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .deleteFrom('lease')
      .where('name', '=', name)
      .where('holder', '=', context.instance)
      .execute();
  });
}

export function breakLease(context: Context, name: string): Promise<void> {
  return context.database.write(async (queries) => {
    await queries.deleteFrom('lease').where('name', '=', name).execute();
  });
}
