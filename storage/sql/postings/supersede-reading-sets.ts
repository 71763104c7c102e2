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
  const replaced = queries
    .selectFrom('reading_set as older')
    .innerJoin('posting', 'posting.source_id', 'older.source_id')
    .select(['older.source_id', 'older.number'])
    .where('posting.transaction_number', '=', corrects)
    .where('older.state', '=', 'live')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('reading_set as newer')
          .select('newer.number')
          .where('newer.source_id', '=', sourceId)
          .whereRef('newer.meter', '=', 'older.meter')
          .whereRef('newer.unit', '=', 'older.unit')
          .whereRef('newer.channel', '=', 'older.channel')
          .whereRef('newer.period_start_at', '<=', 'older.period_start_at')
          .whereRef('newer.period_end_at', '>=', 'older.period_end_at')
          // The formats of the ISO itself have no purpose.
          .where(sql<boolean>`upper(newer.purpose) in (${sql.join([...duePurposes, ''].map(sql.lit))})`)
          .where(sql<boolean>`newer.readings > newer.raw + newer.missing`),
      ),
    );
  await queries
    .updateTable('reading_set_row')
    .set({ state: 'superseded' })
    .where((eb) => eb(eb.refTuple('source_id', 'number'), 'in', replaced.$asTuple('source_id', 'number')))
    .execute();
}
