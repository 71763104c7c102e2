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
  const { oldestDueAt } = await queries
    .selectFrom('forwarding')
    .select(({ fn }) => fn.min<number | null>('due_at').as('oldestDueAt'))
    .where('due_at', 'is not', null)
    .where((eb) => eb('is_held', '=', eb.lit(0)))
    .executeTakeFirstOrThrow();
  const countOf = (kind: string) => asking.find(({ attention }) => attention === kind)?.count ?? 0;
  return { overdue: countOf('overdue'), stuck: countOf('stuck'), person, oldestDueAt };
}
