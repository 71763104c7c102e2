import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';

/** The newest of them: what shows it shows everything that was sent before it. */
export async function findSentinel(
  context: Context,
  account: string,
  intendedAfter: Instant,
): Promise<string | undefined> {
  const [row] = await context.database.read
    .selectFrom('submission')
    .innerJoin('part', 'part.id', 'submission.part_id')
    .innerJoin('forwarding', 'forwarding.id', 'part.forwarding_id')
    .select('submission.iso_file_id')
    .where('submission.intended_at', '>', intendedAfter)
    .where('submission.iso_file_id', 'is not', null)
    .where('forwarding.account', '=', account)
    .orderBy('submission.intended_at', 'desc')
    .limit(1)
    .execute();
  return row?.iso_file_id ?? undefined;
}
