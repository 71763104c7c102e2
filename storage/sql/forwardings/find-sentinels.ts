import type { Way } from '../../model/forwarding.ts';
import type { Submission } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';

/** The later one is the newest there is; ids of rows rise whatever the clock does. */
export async function findSentinels(
  context: Context,
  account: string,
  way: Way,
  { id, deadlineAt }: Pick<Submission, 'id' | 'deadlineAt'>,
): Promise<{ readonly later: string | undefined; readonly earlier: string | undefined }> {
  const known = context.database.read
    .selectFrom('submission')
    .innerJoin('part', 'part.id', 'submission.part_id')
    .innerJoin('forwarding', 'forwarding.id', 'part.forwarding_id')
    .select('submission.iso_file_id')
    .where('submission.iso_file_id', 'is not', null)
    .where('forwarding.account', '=', account)
    .where('forwarding.way', '=', way)
    .orderBy('submission.id', 'desc')
    .limit(1);
  const [later] = await known
    .where('submission.id', '>', id)
    .where('submission.intended_at', '>', deadlineAt)
    .execute();
  const [earlier] = await known.where('submission.id', '<', id).execute();
  return { later: later?.iso_file_id ?? undefined, earlier: earlier?.iso_file_id ?? undefined };
}
