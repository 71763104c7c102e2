import type { Instant } from '../../model/time.ts';
import type { Submission } from '../../ports/forwardings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { getHeldForwarding } from './held-forwarding.ts';
import { toSubmission } from './load-parts.ts';

export function recordIntent(
  context: Context,
  id: number,
  intent: { partId: number; attempt: number; isoName: string; deadlineAt: Instant; leaseUntilAt: Instant },
): Promise<Submission> {
  return context.database.write(async (queries) => {
    await getHeldForwarding(queries, context, id);
    const now = context.clock.now();
    const { partId, attempt, isoName, deadlineAt, leaseUntilAt } = intent;
    const row = await queries
      .insertInto('submission')
      .values({
        part_id: partId,
        attempt,
        iso_name: isoName,
        instance: context.instance,
        state: 'intended',
        intended_at: now,
        deadline_at: deadlineAt,
        iso_file_id: null,
        iso_status: null,
        words: '',
        changed_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await queries
      .updateTable('forwarding')
      .set({ state: 'submitting', reason: '', lease_until_at: leaseUntilAt, changed_at: now })
      .where('id', '=', id)
      .execute();
    await appendEvent(queries, context, {
      subject: 'forwarding',
      subjectId: id,
      kind: 'intended',
      at: now,
      body: { state: 'submitting', reason: '', submission: row.id, isoName, attempt, deadlineAt },
    });
    return toSubmission(row);
  });
}
