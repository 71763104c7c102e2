import { isoFormats } from '../../formats/format.ts';
import { maybeSentStates, type Way } from '../../model/forwarding.ts';
import type { Instant } from '../../model/time.ts';
import type { Transaction } from '../../model/transaction.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { hasSubmission } from './has-submission.ts';

/**
 * Takes the forwarding of a corrected posting out of the way, when nothing of it was sent, nobody works on it, and the
 * correction left none of its reading sets live that ever had a mapping to the account (ruling 24). Otherwise changes
 * nothing: the correction then follows it.
 */
export async function supersedeForwardings(
  queries: Queries,
  context: Pick<Context, 'clock' | 'instance'>,
  superseded: { transaction: Transaction; account: string; way: Way; by: Transaction; now: Instant },
): Promise<void> {
  const { transaction, account, way, by, now } = superseded;
  const reason = `transaction ${by} corrects it and took its place before it was sent`;
  const rows = await queries
    .updateTable('forwarding')
    // The lease that is over goes too: a holder that stood still must not find it valid again after a step of the clock.
    .set({
      state: 'superseded',
      reason,
      due_at: null,
      lease_holder: null,
      lease_until_at: null,
      stuck_since_at: null,
      attention: null,
      is_held: 0,
      changed_at: now,
    })
    .where('transaction_number', '=', transaction)
    .where('account', '=', account)
    .where('way', '=', way)
    .where('state', 'in', ['due', 'prepared', 'person'])
    .where((eb) => eb.or([eb('lease_until_at', 'is', null), eb('lease_until_at', '<=', now)]))
    .where((eb) => eb.not(hasSubmission(maybeSentStates)(eb)))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('posting')
            .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
            .select('reading_set.number')
            .where('posting.transaction_number', '=', transaction)
            .where('reading_set.state', '=', 'live')
            .where((eb) =>
              eb.or([
                eb('posting.format', 'in', isoFormats),
                eb.exists(
                  eb
                    .selectFrom('resource')
                    .select('resource.id')
                    .whereRef('resource.meter', '=', 'reading_set.meter')
                    .whereRef('resource.unit', '=', 'reading_set.unit')
                    .where('resource.account', '=', account)
                    .where('resource.way', '=', way),
                ),
              ]),
            ),
        ),
      ),
    )
    .returning('id')
    .execute();
  for (const { id } of rows) {
    await appendEvent(queries, context, {
      subject: 'forwarding',
      subjectId: id,
      kind: 'superseded',
      at: now,
      body: { state: 'superseded', reason, by },
    });
  }
}
