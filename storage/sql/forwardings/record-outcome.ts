import { sql } from 'kysely';
import type { Move, Outcome } from '../../ports/forwardings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { getHeldForwarding, moveHeld } from './held-forwarding.ts';
import { replaceErrors } from './submission-errors.ts';

export function recordOutcome(
  context: Context,
  id: number,
  submissionId: number,
  outcome: Outcome,
  move?: Move,
): Promise<void> {
  return context.database.write(async (queries) => {
    const held = await getHeldForwarding(queries, context, id);
    const before = await queries
      .selectFrom('submission')
      .innerJoin('part', 'part.id', 'submission.part_id')
      .selectAll('submission')
      .where('submission.id', '=', submissionId)
      .where('part.forwarding_id', '=', id)
      .executeTakeFirstOrThrow();
    const { state, words } = outcome;
    const isoFileId = outcome.isoFileId ?? before.iso_file_id;
    const isoStatus = outcome.isoStatus ?? before.iso_status;
    const isEvent =
      state !== before.state ||
      words !== before.words ||
      isoFileId !== before.iso_file_id ||
      isoStatus !== before.iso_status;
    const now = context.clock.now();
    await queries
      .updateTable('submission')
      .set({ state, words, iso_file_id: isoFileId, iso_status: isoStatus })
      .$if(outcome.isPoll === true, (query) => query.set({ polls: sql<number>`polls + 1` }))
      .$if(isEvent, (query) => query.set({ changed_at: now }))
      .where('id', '=', submissionId)
      .execute();
    if (outcome.errors !== undefined) await replaceErrors(queries, submissionId, outcome.errors);
    if (isEvent) {
      await appendEvent(queries, context, {
        subject: 'forwarding',
        subjectId: id,
        kind: 'outcome',
        at: now,
        body: {
          submission: submissionId,
          isoName: before.iso_name,
          outcome: state,
          isoFileId,
          isoStatus,
          words,
        },
      });
    }
    if (move !== undefined) await moveHeld(queries, context, held, move);
  });
}
