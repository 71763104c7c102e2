import type { Resource, Resources, ResourceVersion } from '../../ports/resources.ts';
import type { Context } from '../context.ts';
import { toResource } from './rows.ts';

export async function listResources(
  context: Context,
  { meter, account, after, limit }: Parameters<Resources['listResources']>[0] & object = {},
): Promise<Resource[]> {
  let query = context.database.read
    .selectFrom('resource')
    .selectAll()
    .where('until_event', 'is', null)
    .orderBy('meter')
    .orderBy('unit')
    .orderBy('channel')
    .orderBy('effective_from');
  if (meter !== undefined) query = query.where('meter', '=', meter);
  if (account !== undefined) query = query.where('account', '=', account);
  if (limit !== undefined) query = query.limit(limit);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('meter', 'unit', 'channel', 'effective_from'),
        '>',
        tuple(after.meter, after.unit, after.channel, after.effectiveFrom),
      ),
    );
  }
  return (await query.execute()).map(toResource);
}

export async function listVersions(context: Context, id: number): Promise<ResourceVersion[]> {
  const { read } = context.database;
  const rows = await read
    .selectFrom('resource')
    .selectAll()
    .where('id', '=', id)
    .orderBy('since_event')
    .execute();
  const events = await read
    .selectFrom('event')
    .select(['sequence', 'subject_id', 'at', 'kind', 'body'])
    .where(
      'sequence',
      'in',
      rows.flatMap((row) => [row.since_event, row.until_event ?? row.since_event]),
    )
    .execute();
  const told = new Map(events.map((event) => [event.sequence, event]));
  return rows.map((row) => {
    const since = told.get(row.since_event);
    const { by = '', reason = '' } = JSON.parse(since?.body ?? '{}') as { by?: string; reason?: string };
    const until = row.until_event === null ? undefined : told.get(row.until_event);
    return {
      ...toResource(row),
      at: since?.at ?? 0,
      // In a store of the first program another mapping's event may have cut it short.
      kind: since === undefined || since.subject_id === id ? (since?.kind ?? 'mapped') : 'changed',
      by,
      reason,
      replacedAt: until?.at ?? null,
    };
  });
}
