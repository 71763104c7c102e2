import type { Instant } from '../../model/time.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

const selectLatest = prepared((queries, values: { mailboxId: number }) =>
  queries
    .selectFrom('mailbox_file')
    .select('changed_at')
    .where('mailbox_id', '=', values.mailboxId)
    .orderBy('changed_at', 'desc')
    .limit(1),
);

/**
 * The instant that a change in a mailbox counts as made at: now, or just after the latest one there. Whoever follows
 * the changes thus misses none, although many fall into one millisecond or the clock is set back.
 */
export async function toChangedAt(queries: Queries, mailboxId: number, now: Instant): Promise<Instant> {
  const [latest] = await selectLatest(queries, { mailboxId });
  return latest === undefined ? now : Math.max(now, latest.changed_at + 1);
}
