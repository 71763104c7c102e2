import type { Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';

export async function findNextDueAt(
  context: Context,
  account: string,
  way: Way,
): Promise<Instant | undefined> {
  const [row] = await context.database.read
    .selectFrom('forwarding')
    .select('due_at')
    .where('account', '=', account)
    .where('way', '=', way)
    .where('due_at', 'is not', null)
    .where((eb) => eb('is_held', '=', eb.lit(0)))
    .orderBy('due_at')
    .limit(1)
    .execute();
  return row?.due_at ?? undefined;
}

export async function listDueAccounts(context: Context): Promise<{ account: string; way: Way }[]> {
  const rows = await context.database.read
    .selectFrom('forwarding')
    .select(['account', 'way'])
    .distinct()
    .where('due_at', 'is not', null)
    .where((eb) => eb('is_held', '=', eb.lit(0)))
    .execute();
  return rows.map(({ account, way }) => ({ account, way: way as Way }));
}
