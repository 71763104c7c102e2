import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { backupDatabase } from '../../../storage/sql/backup-database.ts';
import { addParties, type Parties, toReadingSet } from '../../support/parties.ts';
import { createTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let parties: Parties;

beforeEach(async () => {
  store = await createTestStore();
  parties = await addParties(store);
});

/** Opens a copy, does something with it, closes it. */
function inCopy<T>(path: string, act: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(path, { readonly: true });
  try {
    return act(db);
  } finally {
    db.close();
  }
}

const countPostings = (db: Sqlite.Database) => db.prepare('SELECT count(*) FROM posting').pluck().get();

test('a copy holds everything as it was when it began', async () => {
  await parties.post();
  const copy = `${store.config.databaseFile}-copy`;
  await store.catalogue.backup(copy);
  await parties.post();
  inCopy(copy, (db) => {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(countPostings(db)).toBe(1);
  });
});

test('is made to its end, and consistent, while others write without a pause', async () => {
  const many = Array.from({ length: 40_000 }, (_, at) => toReadingSet({ meter: `MTR${at}`, line: at }));
  const sourceId = await store.catalogue.postings.openSource();
  await store.catalogue.postings.addReadingSets(sourceId, 0, many);
  await parties.post({ source: { id: sourceId, readingSets: many.length } });
  const other = await store.openAgain('bridge');
  const copy = `${store.config.databaseFile}-copy`;
  let isOver = false;
  const backup = backupDatabase(store.config.databaseFile, copy).finally(() => {
    isOver = true;
  });
  let beats = 0;
  for (; !isOver && beats < 5_000; beats += 1) await other.catalogue.instances.heartbeat();
  expect(isOver).toBe(true);
  await backup;
  expect(beats).toBeGreaterThan(5);
  inCopy(copy, (db) => {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) FROM reading_set').pluck().get()).toBe(many.length);
    expect(countPostings(db)).toBe(1);
  });
});

test('overwrites nothing, and makes nothing of what is not there', async () => {
  const { databaseFile } = store.config;
  const copy = `${databaseFile}-copy`;
  await store.catalogue.backup(copy);
  await parties.post();
  await expect(store.catalogue.backup(copy)).rejects.toMatchObject({ code: 'conflict' });
  expect(inCopy(copy, countPostings)).toBe(0);
  await expect(backupDatabase(`${databaseFile}-missing`, `${copy}-2`)).rejects.toThrow();
  expect(existsSync(`${copy}-2`)).toBe(false);
  expect(existsSync(`${databaseFile}-missing`)).toBe(false);
});
