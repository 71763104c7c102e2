import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listForwardings } from '../../../storage/reconciliation/list-pages.ts';
import { setUpForwardings } from '../forwardings/forwarding-setup.ts';

test('a posting with more forwardings than a page holds has all of them listed, the oldest first', async () => {
  const { store, map, post } = await setUpForwardings();
  await map('M1');
  const { transaction } = await post({ sets: [{}] });
  const database = new Database(store.config.databaseFile);
  const insert = database.prepare(
    `INSERT INTO forwarding (transaction_number, account, way, backfill, state, reason, created_at, changed_at)
      VALUES (?, 'sc-one', 'omar', ?, 'empty', '', 1, 1)`,
  );
  for (let backfill = 1; backfill < 1_201; backfill += 1) insert.run(transaction, backfill);
  database.close();
  const listed = await listForwardings(store, transaction);
  expect(listed.map(({ backfill }) => backfill)).toEqual(Array.from({ length: 1_201 }, (_, at) => at));
});
