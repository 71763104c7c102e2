import { isoFormats } from '../../formats/format.ts';
import { dayMs, hourMs } from '../../model/time.ts';
import { toTradeDay } from '../../model/trade-day.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/** No trade day is longer. */
const longestDayMs = dayMs + hourMs;

/**
 * Whether two postings have readings of the same trade day of one meter, unit and channel. A correction goes as complete
 * days (ruling 25), so that it also brings what others posted of them. What is in a format of the ISO's goes as it is,
 * and shares nothing.
 */
export async function sharesDays(queries: Queries, one: Transaction, other: Transaction): Promise<boolean> {
  const periods = await queries
    .selectFrom('posting')
    .crossJoin('posting as other_posting')
    .crossJoin('reading_set as own')
    .crossJoin('reading_set as other')
    .select(['own.period_start_at as ownStartAt', 'own.period_end_at as ownEndAt'])
    .select(['other.period_start_at as startAt', 'other.period_end_at as endAt'])
    .distinct()
    .where('posting.transaction_number', '=', one)
    .where('posting.format', 'not in', isoFormats)
    .where('other_posting.transaction_number', '=', other)
    .where('other_posting.format', 'not in', isoFormats)
    .whereRef('own.source_id', '=', 'posting.source_id')
    .whereRef('other.source_id', '=', 'other_posting.source_id')
    .whereRef('other.meter', '=', 'own.meter')
    .whereRef('other.unit', '=', 'own.unit')
    .whereRef('other.channel', '=', 'own.channel')
    .where((eb) => eb('other.period_start_at', '<', eb('own.period_end_at', '+', longestDayMs)))
    .where((eb) => eb('other.period_end_at', '>', eb('own.period_start_at', '-', longestDayMs)))
    .execute();
  return periods.some(
    ({ ownStartAt, ownEndAt, startAt, endAt }) =>
      toTradeDay(startAt + 1) <= toTradeDay(ownEndAt) && toTradeDay(ownStartAt + 1) <= toTradeDay(endAt),
  );
}
