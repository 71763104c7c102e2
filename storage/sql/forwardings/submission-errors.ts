import type { ExplainedError, SubmissionError } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';

/** Replaces what the ISO said about a submission: asked again, it says all of it again. */
export async function replaceErrors(
  queries: Queries,
  submissionId: number,
  errors: readonly SubmissionError[],
): Promise<void> {
  await queries.deleteFrom('submission_error').where('submission_id', '=', submissionId).execute();
  for (const [index, error] of errors.entries()) {
    await queries
      .insertInto('submission_error')
      .values({
        submission_id: submissionId,
        number: index + 1,
        words: error.words,
        occurrences: error.occurrences,
        resource_id: error.resourceId,
        meter: error.meter,
        unit: error.unit,
        interval_end_at: error.intervalEndAt,
        line: error.line,
      })
      .execute();
  }
}

export async function listErrors(context: Context, forwardingId: number): Promise<ExplainedError[]> {
  const rows = await context.database.read
    .selectFrom('part')
    .innerJoin('submission', 'submission.part_id', 'part.id')
    .innerJoin('submission_error', 'submission_error.submission_id', 'submission.id')
    .selectAll('submission_error')
    .select(['part.number as part', 'submission.attempt'])
    .where('part.forwarding_id', '=', forwardingId)
    .orderBy('part.number')
    .orderBy('submission.attempt')
    .orderBy('submission_error.number')
    .execute();
  return rows.map((row) => ({
    part: row.part,
    attempt: row.attempt,
    words: row.words,
    occurrences: row.occurrences,
    resourceId: row.resource_id,
    meter: row.meter,
    unit: row.unit,
    intervalEndAt: row.interval_end_at,
    line: row.line,
  }));
}
