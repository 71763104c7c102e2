import { isoFormats } from '../../formats/format.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { EarlierSets, MeterDay } from '../../ports/resources.ts';
import type { Context } from '../context.ts';
import { selectDueSets } from './due-sets.ts';

export async function listEarlierSets(
  context: Context,
  transaction: Transaction,
  days: readonly MeterDay[],
): Promise<EarlierSets[]> {
  const found = new Map<Transaction, Map<number, EarlierSets['sets'][number]>>();
  for (const { meter, channel, unit, startAt, endAt } of days) {
    const rows = await selectDueSets(context.database.read)
      .innerJoin('posting', 'posting.source_id', 'reading_set.source_id')
      .select(['transaction_number', 'number', 'byte_start', 'byte_end'])
      .where('meter', '=', meter)
      .where('unit', '=', unit)
      .where('channel', '=', channel)
      .where('period_start_at', '<', endAt)
      .where('period_end_at', '>', startAt)
      .where('state', '<>', 'withdrawn')
      .where('transaction_number', '<', transaction)
      .where('format', 'not in', isoFormats)
      .execute();
    for (const row of rows) {
      const sets = found.get(row.transaction_number as Transaction) ?? new Map();
      sets.set(row.number, { number: row.number, byteStart: row.byte_start, byteEnd: row.byte_end });
      found.set(row.transaction_number as Transaction, sets);
    }
  }
  return [...found]
    .sort(([one], [other]) => other - one)
    .map(([earlier, sets]) => ({
      transaction: earlier,
      sets: [...sets.values()].sort((one, other) => one.number - other.number),
    }));
}
