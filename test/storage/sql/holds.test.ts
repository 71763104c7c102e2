import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { addMonths } from '../../../storage/model/time.ts';
import { addParties } from '../../support/parties.ts';
import { createTestStore } from '../../support/store.ts';

test('a file on hold is not deleted, however long, until the hold is taken off', async () => {
  const store = await createTestStore();
  const { post } = await addParties(store);
  const [held, free] = [(await post({ mailboxes: [] })).file, (await post({ mailboxes: [] })).file];
  const setHold = (isHeld: 0 | 1) => {
    const db = new Sqlite(store.config.databaseFile);
    db.prepare('UPDATE file SET is_held = ? WHERE key = ?').run(isHeld, held.key);
    db.close();
  };
  const listKeys = async () =>
    (await store.catalogue.retention.listFilesToDelete(store.clock.now(), 9)).map(({ key }) => key);
  setHold(1);
  store.clock.set(addMonths(store.clock.now(), 100));
  expect(await listKeys()).toEqual([free.key]);
  setHold(0);
  expect(await listKeys()).toEqual([held.key, free.key]);
  await store.expectSound();
});
