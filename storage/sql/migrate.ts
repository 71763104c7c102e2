import { readdirSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Instant } from '../model/time.ts';

const folder = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** The migrations in order; `0001-initial.sql` is version 1. */
export function listMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      name,
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }));
}

/**
 * Brings a database to the newest schema, each migration in a transaction of its own. Which ones it has stands in its
 * table `migration`, so that one whose number is lower but which came later is not passed over. A second migrator waits
 * and then finds nothing to do.
 *
 * A table is rebuilt by another that takes its name; the references to it are then checked as a whole at the end, which
 * needs SQLite not to check each step.
 *
 * @returns the names of the migrations that were applied
 * @throws when a migration leaves a reference to a row that is not there; nothing of it is kept
 */
export function migrate(path: string): string[] {
  const db = new Sqlite(path, { fileMustExist: true, timeout: 10_000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = OFF');
    const applied: string[] = [];
    for (const { version, name, sql } of listMigrations()) {
      const apply = db.transaction(() => {
        noteEarlier(db);
        if (listApplied(db).includes(version)) return;
        db.exec(sql);
        const orphans = db.pragma('foreign_key_check') as { table: string }[];
        if (orphans[0])
          throw new Error(`Cannot migrate by ${name}: ${orphans[0].table} refers to what is not there`);
        db.prepare('INSERT INTO migration (version) VALUES (?)').run(version);
        db.pragma(`user_version = ${Math.max(version, readVersion(db))}`);
        applied.push(name);
      });
      apply.immediate();
    }
    return applied;
  } finally {
    db.close();
  }
}

/** Until the table came, the number of the last migration stood in `user_version`, and there was no gap. */
function noteEarlier(db: Sqlite.Database): void {
  if (hasTable(db)) return;
  db.exec('CREATE TABLE migration (version INTEGER PRIMARY KEY) STRICT');
  const insert = db.prepare('INSERT INTO migration (version) VALUES (?)');
  for (let version = 1; version <= readVersion(db); version += 1) insert.run(version);
}

function hasTable(db: Sqlite.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get() !== undefined;
}

function listApplied(db: Sqlite.Database): number[] {
  if (!hasTable(db)) return Array.from({ length: readVersion(db) }, (_, at) => at + 1);
  return db.prepare('SELECT version FROM migration').pluck().all() as number[];
}

/** Makes a new database at `path`, which must not exist, with the newest schema and its own id. */
export function createDatabase(path: string, storeId: string, createdAt: Instant): void {
  new Sqlite(path).close();
  migrate(path);
  const db = new Sqlite(path, { fileMustExist: true });
  try {
    db.pragma('synchronous = FULL');
    db.prepare('INSERT INTO store (id, store_id, created_at) VALUES (1, ?, ?)').run(storeId, createdAt);
  } finally {
    db.close();
  }
}

/** Whether a database has exactly the schema of this program: `current`, `older` (migrate it) or `newer`. */
export function toSchemaState(path: string): 'current' | 'older' | 'newer' {
  const db = new Sqlite(path, { fileMustExist: true, readonly: true });
  try {
    const known = listMigrations().map(({ version }) => version);
    const applied = listApplied(db);
    if (applied.some((version) => !known.includes(version))) return 'newer';
    return known.every((version) => applied.includes(version)) ? 'current' : 'older';
  } finally {
    db.close();
  }
}

/** The schema as SQLite tells it, for the snapshot that the gate compares. */
export function dumpSchema(path: string): string {
  const db = new Sqlite(path, { fileMustExist: true, readonly: true });
  try {
    const rows = db
      .prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
      )
      .all() as { sql: string }[];
    return `${rows.map(({ sql }) => `${sql};`).join('\n\n')}\n`;
  } finally {
    db.close();
  }
}

function readVersion(db: Sqlite.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}
