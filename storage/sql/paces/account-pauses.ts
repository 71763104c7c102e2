import type { Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';

export async function findPauseEnd(
  context: Context,
  account: string,
  way: Way,
): Promise<Instant | undefined> {
  const row = await context.database.read
    .selectFrom('account_pause')
    .select('until_at')
    .where('account', '=', account)
    .where('way', '=', way)
    .where('until_at', '>', context.clock.now())
    .executeTakeFirst();
  return row?.until_at;
}

export function pauseAccount(context: Context, account: string, way: Way, untilAt: Instant): Promise<void> {
  return context.database.write(async (queries) => {
    await queries
      .insertInto('account_pause')
      .values({ account, way, until_at: untilAt })
      .onConflict((conflict) =>
        conflict
          .columns(['account', 'way'])
          .doUpdateSet({ until_at: untilAt })
          .where('account_pause.until_at', '<', untilAt),
      )
      .execute();
  });
}
