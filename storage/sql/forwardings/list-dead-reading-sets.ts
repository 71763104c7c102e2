import type { Transaction } from '../../model/transaction.ts';
import type { Context } from '../context.ts';

export async function listDeadReadingSets(
  context: Context,
  transaction: Transaction,
): Promise<ReadonlySet<number>> {
  const rows = await context.database.read
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .select('reading_set.number')
    .where('posting.transaction_number', '=', transaction)
    .where('reading_set.state', '<>', 'live')
    .execute();
  return new Set(rows.map(({ number }) => number));
}
