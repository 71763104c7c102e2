import { sql } from 'kysely';
import { duePurposes } from '../../model/due-purposes.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/**
 * Marks as superseded the corrected posting's reading sets whose whole period a reading set of the correction brings
 * again, with readings that are due to the ISO, for the same meter, unit and channel. A set that is replaced only in
 * part, or by what is never forwarded, stays live: what is left of it has no other way to the ISO.
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
          .whereRef('newer.period_start_at', '<=', 'reading_set.period_start_at')
          .whereRef('newer.period_end_at', '>=', 'reading_set.period_end_at')
          // The formats of the ISO itself have no purpose.
          .where(sql<boolean>`upper(newer.purpose) in (${sql.join([...duePurposes, ''].map(sql.lit))})`)
          .where(sql<boolean>`newer.readings > newer.raw + newer.missing`),
      ),
    )
    .execute();
}
