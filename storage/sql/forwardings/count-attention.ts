import type { NotNull } from 'kysely';
import type { Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
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
  const oldestDue = await listOldestDue(context);
  const countOf = (kind: string) => asking.find(({ attention }) => attention === kind)?.count ?? 0;
  return { overdue: countOf('overdue'), stuck: countOf('stuck'), person, oldestDue };
}

/** Goes from account to account by the index, so that a backlog of many forwardings costs no more than one. */
async function listOldestDue(context: Context): Promise<AttentionCounts['oldestDue']> {
  const due = context.database.read
    .selectFrom('forwarding')
    .where('due_at', 'is not', null)
    .where((eb) => eb('is_held', '=', eb.lit(0)));
  const first = due.select(['account', 'way']).orderBy('account').orderBy('way').limit(1);
  // By two questions, because of a row value SQLite looks up the first column alone.
  const findNext = async ({ account, way }: { readonly account: string; readonly way: string }) =>
    (await first.where('account', '=', account).where('way', '>', way).executeTakeFirst()) ??
    first.where('account', '>', account).executeTakeFirst();
  const oldestDue: { account: string; way: Way; dueAt: Instant }[] = [];
  const none = { account: '', way: '' };
  for (let at = await findNext(none); at !== undefined; at = await findNext(at)) {
    const way = at.way as Way;
    const oldest = await due
      .select('due_at as dueAt')
      .where('account', '=', at.account)
      .where('way', '=', way)
      .where((eb) =>
        eb.or([eb('lease_until_at', 'is', null), eb('lease_until_at', '<=', context.clock.now())]),
      )
      .orderBy('due_at')
      .limit(1)
      .$narrowType<{ dueAt: NotNull }>()
      .executeTakeFirst();
    if (oldest === undefined) continue;
    // Also of a pause that is over: until then nobody could have taken it up.
    const pause = await context.database.read
      .selectFrom('account_pause')
      .select('until_at')
      .where('account', '=', at.account)
      .where('way', '=', way)
      .executeTakeFirst();
    oldestDue.push({ account: at.account, way, dueAt: Math.max(oldest.dueAt, pause?.until_at ?? 0) });
  }
  return oldestDue;
}
