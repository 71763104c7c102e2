import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  createDatabase,
  dumpSchema,
  listMigrations,
  migrate,
  toSchemaState,
} from '../../../storage/sql/migrate.ts';
import { startProcess } from '../../support/process.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const newPath = () => join(makeTemporaryFolder(), 'catalogue.sqlite');

const newest = listMigrations().at(-1)?.version ?? 0;

test('migrations count up from 1, each number once', () => {
  const versions = listMigrations().map(({ version }) => version);
  expect(versions[0]).toBe(1);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
});

test('a new database has the current schema and its own id, and migrating it changes nothing', () => {
  const path = newPath();
  createDatabase(path, 'store-one', 5);
  expect(toSchemaState(path)).toBe('current');
  const before = dumpSchema(path);
  expect(migrate(path)).toEqual([]);
  expect(dumpSchema(path)).toBe(before);
  const db = new Sqlite(path, { readonly: true });
  expect(db.prepare('SELECT * FROM store').all()).toEqual([{ id: 1, store_id: 'store-one', created_at: 5 }]);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  db.close();
});

test('an older database is told from a newer one', () => {
  const path = newPath();
  createDatabase(path, 'store-one', 5);
  const db = new Sqlite(path);
  const setVersion = (version: number) => db.pragma(`user_version = ${version}`);
  setVersion(newest - 1);
  expect(toSchemaState(path)).toBe('older');
  setVersion(newest + 1);
  expect(toSchemaState(path)).toBe('newer');
  expect(migrate(path)).toEqual([]);
  db.close();
});

test('what is not there is neither migrated nor made', () => {
  const path = newPath();
  expect(() => migrate(path)).toThrow();
  expect(() => toSchemaState(path)).toThrow();
  expect(existsSync(path)).toBe(false);
});

test('of several processes that migrate at once one does it, and all find it done', async () => {
  const path = newPath();
  new Sqlite(path).close();
  const url = fileURLToPath(new URL('../../../storage/sql/migrate.ts', import.meta.url));
  const script = `import(${JSON.stringify(url)}).then(({ migrate }) =>
    console.log(JSON.stringify({ applied: migrate(${JSON.stringify(path)}) })))`;
  const records = await Promise.all(
    Array.from({ length: 6 }, () =>
      startProcess(['-e', script]).waitForRecord((record) => 'applied' in record),
    ),
  );
  const names = listMigrations().map(({ name }) => name);
  expect(records.flatMap(({ applied }) => applied as string[]).sort()).toEqual(names);
  expect(toSchemaState(path)).toBe('current');
});

test('events can be added, and neither changed nor removed', () => {
  const path = newPath();
  createDatabase(path, 'store-one', 5);
  const db = new Sqlite(path);
  db.exec("INSERT INTO instance (id, program, started_at, seen_at) VALUES ('i', 'ops', 1, 1)");
  db.exec(
    "INSERT INTO event (at, instance, subject, subject_id, kind, body) VALUES (1, 'i', 'store', 1, 'x', '{}')",
  );
  expect(() => db.exec("UPDATE event SET kind = 'y'")).toThrow(/append-only/);
  expect(() => db.exec('DELETE FROM event')).toThrow(/append-only/);
  expect(db.prepare('SELECT kind FROM event').all()).toEqual([{ kind: 'x' }]);
  db.close();
});
