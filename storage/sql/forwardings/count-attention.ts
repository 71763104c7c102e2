import type { Way } from '../../model/forwarding.ts';
import type { AttentionCounts } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';

/** Each count reads only what it counts, by an index of its own. */
export async function countAttention(context: Context): Promise<AttentionCounts> {
  const queries = context.database.read;
  const asking = await queries
    .selectFrom('forwarding')
    .select(({ fn }) => ['attention', fn.countAll<number>().as('count')])
    .where('attention', 'is not', null)
    // One that an older program ended may still say so.
    .where('due_at', 'is not', null)
    .where('is_held', '=', 0)
    .groupBy('attention')
    .execute();
  const { person } = await queries
    .selectFrom('forwarding')
    .select(({ fn }) => fn.countAll<number>().as('person'))
    .where('state', '=', 'person')
    .executeTakeFirstOrThrow();
  const oldest = await queries
    .selectFrom('forwarding')
    .leftJoin('account_pause', (join) =>
      join
        .onRef('account_pause.account', '=', 'forwarding.account')
        .onRef('account_pause.way', '=', 'forwarding.way'),
    )
    .select(['forwarding.account', 'forwarding.way', 'account_pause.until_at as pauseEndAt'])
    .select(({ fn }) => fn.min<number>('due_at').as('dueAt'))
    .where('due_at', 'is not', null)
    .where((eb) => eb('is_held', '=', eb.lit(0)))
    .where((eb) => eb.or([eb('lease_until_at', 'is', null), eb('lease_until_at', '<=', context.clock.now())]))
    .groupBy(['forwarding.account', 'forwarding.way'])
    .execute();
  const oldestDue = oldest.map(({ account, way, dueAt, pauseEndAt }) => ({
    account,
    way: way as Way,
    dueAt: Math.max(dueAt, pauseEndAt ?? 0),
  }));
  const countOf = (kind: string) => asking.find(({ attention }) => attention === kind)?.count ?? 0;
  return { overdue: countOf('overdue'), stuck: countOf('stuck'), person, oldestDue };
}
