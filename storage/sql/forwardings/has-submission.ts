import type { ExpressionBuilder } from 'kysely';
import type { SubmissionState } from '../../model/forwarding.ts';
import type { Schema } from '../schema.ts';

/** Of a query on forwardings: whether one has a submission in any of some states. */
export function hasSubmission(states: readonly SubmissionState[]) {
  return ({ exists, selectFrom }: ExpressionBuilder<Schema, 'forwarding'>) =>
    exists(
      selectFrom('part')
        .innerJoin('submission', 'submission.part_id', 'part.id')
        .select('submission.id')
        .whereRef('part.forwarding_id', '=', 'forwarding.id')
        .where('submission.state', 'in', states),
    );
}
