import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/**
 * Marks as superseded the corrected posting's reading sets for whose meter, unit and channel the correction brings
 * readings of an overlapping period.
 */
export async function supersedeReadingSets(
  queries: Queries,
  sourceId: number,
  corrects: Transaction,
): Promise<void> {
  const correctedSource = queries
    .selectFrom('posting')
    .select('source_id')
    .where('transaction_number', '=', corrects);
  await queries
    .updateTable('reading_set')
    .set({ state: 'superseded' })
    .where('source_id', '=', correctedSource)
    .where('state', '=', 'live')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('reading_set as newer')
          .select('newer.number')
          .where('newer.source_id', '=', sourceId)
          .whereRef('newer.meter', '=', 'reading_set.meter')
          .whereRef('newer.unit', '=', 'reading_set.unit')
          .whereRef('newer.channel', '=', 'reading_set.channel')
          .where((both) =>
            both.or([
              both.and([
                both('newer.period_start_at', '<', both.ref('reading_set.period_end_at')),
                both('newer.period_end_at', '>', both.ref('reading_set.period_start_at')),
              ]),
              // A single register read has no length: it is replaced by a read of the same instant.
              both('newer.period_end_at', '=', both.ref('reading_set.period_end_at')),
            ]),
          ),
      ),
    )
    .execute();
}
