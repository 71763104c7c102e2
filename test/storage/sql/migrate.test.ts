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
import { createOlderDatabase } from '../../support/older-store.ts';
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
  const db = createOlderDatabase(path, [1]);
  db.exec(`
    INSERT INTO event VALUES (7, 1, 'i', 'resource', 3, 'mapped', '{}');
    INSERT INTO resource VALUES (3, 'M1', 'GKWH', 'R1', 'GEN', 'sc-one', 'omar', '2026-01-01', NULL, 1);
    INSERT INTO part VALUES (5, 1, 1, 1, 'csv', 1);`);
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
  ).toEqual([{ forwarding_id: 1 }]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});

test('a mapping that was cut short was in force as it was made until then', () => {
  const path = newPath();
  const db = createOlderDatabase(path);
  const map = (id: number, unit: string, from: string, to: string | null, toNow = to) => {
    const body = JSON.stringify({ meter: 'M1', unit, effectiveFrom: from, effectiveTo: to });
    db.prepare("INSERT INTO event VALUES (?, 1, 'i', 'resource', ?, 'mapped', ?)").run(id * 10, id, body);
    db.prepare("INSERT INTO resource VALUES (?, 'M1', ?, 'R1', 'GEN', 'sc-one', 'omar', ?, ?, 1)").run(
      ...[id, unit, from, toNow],
    );
  };
  map(1, 'KWH', '2026-01-01', null, '2026-03-01');
  map(2, 'KWH', '2026-06-01', null);
  map(3, 'GKWH', '2026-02-01', null);
  map(4, 'KWH', '2026-03-01', '2026-06-01', '2026-05-01');
  map(5, 'KWH', '2026-05-01', '2026-06-01');
  map(6, 'KWH', '2025-01-01', '2026-01-01');
  migrate(path);
  const rows = db
    .prepare('SELECT id, effective_to, since_event, until_event FROM resource ORDER BY id, since_event')
    .raw()
    .all();
  expect(rows).toEqual([
    [1, null, 10, 20],
    [1, '2026-06-01', 20, 40],
    [1, '2026-03-01', 40, null],
    [2, null, 20, null],
    [3, null, 30, null],
    [4, '2026-06-01', 40, 50],
    [4, '2026-05-01', 50, null],
    [5, '2026-06-01', 50, null],
    [6, '2026-01-01', 60, null],
  ]);
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
