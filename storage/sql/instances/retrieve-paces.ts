import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';

export async function findNextRetrieveAt(context: Context, account: string): Promise<Instant | undefined> {
  const row = await context.database.read
    .selectFrom('retrieve_pace')
    .select('next_at')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.next_at;
}

export function recordNextRetrieveAt(context: Context, account: string, at: Instant): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .insertInto('retrieve_pace')
      .values({ account, next_at: at })
      .onConflict((conflict) => conflict.column('account').doUpdateSet({ next_at: at }))
      .execute();
  });
}
