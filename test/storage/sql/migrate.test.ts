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

test('migrations count up from 1', () => {
  const versions = listMigrations().map(({ version }) => version);
  expect(versions[0]).toBe(1);
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
});

test('one that is missing is applied, also when later ones were; what is unknown is of a newer program', () => {
  const path = newPath();
  createDatabase(path, 'store-one', 5);
  const schema = dumpSchema(path);
  const db = new Sqlite(path);
  const last = listMigrations().at(-1)?.version ?? 0;
  db.exec(`INSERT INTO migration (version) VALUES (${last + 1})`);
  expect(toSchemaState(path)).toBe('newer');
  // As if the program that made the store had known that later one, and not this one.
  db.exec(`DELETE FROM migration WHERE version = ${last}`);
  db.exec(`DELETE FROM migration WHERE version = ${last + 1}`);
  expect(toSchemaState(path)).toBe('older');
  expect(() => migrate(path)).toThrow();
  expect(toSchemaState(path)).toBe('older');
  expect(dumpSchema(path)).toBe(schema);
  db.close();
});

test('a store of before the table of migrations keeps its rows, in versions and with its parts', () => {
  const path = newPath();
  const [first] = listMigrations();
  const db = new Sqlite(path);
  db.exec(first?.sql ?? '');
  db.pragma('user_version = 1');
  db.exec(`
    INSERT INTO store VALUES (1, 's', 1);
    INSERT INTO instance (id, program, started_at, seen_at) VALUES ('i', 'ops', 1, 1);
    INSERT INTO participant VALUES (1, 'staff', 'Staff', 'staff', 1);
    INSERT INTO file (id, key, sha256, bytes, root, created_at, is_coded)
      VALUES (1, 'k', '${'0'.repeat(64)}', 1, 'on-line', 1, 1);
    INSERT INTO source VALUES (1, 'posted', 'i', 1);
    INSERT INTO posting VALUES (1, 1, 1, 1, '', 'cmep', 'strict', '{}', 1, NULL, NULL, '', NULL, NULL, NULL);
    INSERT INTO event VALUES (7, 1, 'i', 'resource', 3, 'mapped', '{}');
    INSERT INTO resource VALUES (3, 'M1', 'GKWH', 'R1', 'GEN', 'sc-one', 'omar', '2026-01-01', NULL, 1);
    INSERT INTO forwarding (id, transaction_number, account, way, state, reason, created_at, changed_at)
      VALUES (4, 1, 'sc-one', 'omar', 'empty', '', 1, 1);
    INSERT INTO part VALUES (5, 4, 1, 1, 'csv', 1);`);
  expect(toSchemaState(path)).toBe('older');
  expect(migrate(path)).toEqual(
    listMigrations()
      .map(({ name }) => name)
      .slice(1),
  );
  expect(toSchemaState(path)).toBe('current');
  expect(db.prepare('SELECT id, direction, iso_unit, since_event, until_event FROM resource').all()).toEqual([
    { id: 3, direction: 'received', iso_unit: 'KWH', since_event: 7, until_event: null },
  ]);
  expect(
    db.prepare('SELECT forwarding_id FROM part JOIN forwarding f ON f.id = forwarding_id').all(),
  ).toEqual([{ forwarding_id: 4 }]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
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
