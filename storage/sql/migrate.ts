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
 * Brings a database to the newest schema, each migration in a transaction of its own. The version stands in
 * `user_version`, inside the same transaction, so that a second migrator waits and then finds nothing to do.
 *
 * @returns the names of the migrations that were applied
 */
export function migrate(path: string): string[] {
  const db = new Sqlite(path, { fileMustExist: true, timeout: 10_000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const applied: string[] = [];
    for (const { version, name, sql } of listMigrations()) {
      const apply = db.transaction(() => {
        if (readVersion(db) >= version) return;
        db.exec(sql);
        db.pragma(`user_version = ${version}`);
        applied.push(name);
      });
      apply.immediate();
    }
    return applied;
  } finally {
    db.close();
  }
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
    const newest = listMigrations().at(-1)?.version ?? 0;
    const version = readVersion(db);
    if (version === newest) return 'current';
    return version < newest ? 'older' : 'newer';
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
