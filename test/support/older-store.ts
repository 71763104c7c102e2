import Sqlite from 'better-sqlite3';
import { listMigrations } from '../../storage/sql/migrate.ts';

/**
 * Makes the database of a store as the first program made it, before there was a table of migrations.
 *
 * @param transactions what was posted; each has a forwarding to account `sc-one` that is due
 */
export function createOlderDatabase(path: string, transactions: readonly number[] = []): Sqlite.Database {
  const db = new Sqlite(path);
  db.exec(listMigrations()[0]?.sql ?? '');
  db.pragma('journal_mode = WAL');
  db.pragma('user_version = 1');
  db.exec(`
    INSERT INTO store VALUES (1, 's', 1);
    INSERT INTO instance (id, program, started_at, seen_at) VALUES ('i', 'ops', 1, 1);
    INSERT INTO participant VALUES (1, 'staff', 'Staff', 'staff', 1);`);
  for (const transaction of transactions) addPosting(db, transaction);
  return db;
}

function addPosting(db: Sqlite.Database, transaction: number): void {
  const sha256 = String(transaction).padStart(64, '0');
  db.exec(`
    INSERT INTO file (id, key, sha256, bytes, root, created_at, is_coded)
      VALUES (${transaction}, 'k${transaction}', '${sha256}', 1, 'on-line', 1, 1);
    INSERT INTO source VALUES (${transaction}, 'posted', 'i', ${transaction});
    INSERT INTO posting VALUES (${transaction}, ${transaction}, 1, 1, '', 'cmep', 'strict', '{}', 1, NULL, NULL, '',
      NULL, NULL, NULL);
    INSERT INTO event (at, instance, subject, subject_id, kind, body)
      VALUES (1, 'i', 'posting', ${transaction}, 'posted', '{}');
    INSERT INTO forwarding (transaction_number, account, way, state, reason, due_at, created_at, changed_at)
      VALUES (${transaction}, 'sc-one', 'omar', 'due', '', 1, 1, 1);
    INSERT INTO event (at, instance, subject, subject_id, kind, body)
      VALUES (1, 'i', 'forwarding', last_insert_rowid(), 'created', '{"state":"due"}');`);
}
