import Sqlite from 'better-sqlite3';
import type { Transaction } from '../../storage/model/transaction.ts';
import type { TestStore } from './store.ts';

/** The numbers, in the order of the source from 0, of a posting's reading sets that are not live. */
export function listDeadReadingSets(
  { config }: Pick<TestStore, 'config'>,
  transaction: Transaction,
): ReadonlySet<number> {
  const database = new Sqlite(config.databaseFile, { readonly: true });
  const rows = database
    .prepare<[number], { number: number }>(
      `SELECT number FROM posting JOIN reading_set USING (source_id)
        WHERE transaction_number = ? AND reading_set.state <> 'live' ORDER BY number`,
    )
    .all(transaction);
  database.close();
  return new Set(rows.map(({ number }) => number));
}
