import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';

export function takeRetrieve(
  context: Context,
  user: string,
  now: Instant,
  untilAt: Instant,
): Promise<Instant | undefined> {
  return context.database.write(async (queries) => {
    const own = await queries
      .selectFrom('user_pace')
      .select('next_at')
      .where('user', '=', user)
      .executeTakeFirst();
    if (own !== undefined && own.next_at > now) return own.next_at;
    await queries
      .insertInto('user_pace')
      .values({ user, next_at: untilAt })
      .onConflict((conflict) => conflict.column('user').doUpdateSet({ next_at: untilAt }))
      .execute();
    return undefined;
  });
}

export function settleRetrieve(
  context: Context,
  user: string,
  untilAt: Instant,
  nextAt: Instant,
): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .updateTable('user_pace')
      .set({ next_at: nextAt })
      .where('user', '=', user)
      .where(({ eb, or }) => or([eb('next_at', '=', untilAt), eb('next_at', '<', nextAt)]))
      .execute();
  });
}
