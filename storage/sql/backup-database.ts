import { access } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { MdmaError } from '../model/errors.ts';

/**
 * Copies a database as it is now to a new file, while others go on reading and writing.
 *
 * @throws `conflict` when there is a file already
 */
export async function backupDatabase(path: string, to: string): Promise<void> {
  const isThere = await access(to).then(
    () => true,
    () => false,
  );
  if (isThere) throw new MdmaError('conflict', `Cannot back up to ${to}: it exists already`);
  const db = new Sqlite(path, { fileMustExist: true, readonly: true });
  try {
    // A snapshot is held while the pages are copied, because else SQLite starts anew at every write of others, and on
    // a busy store would never come to the end.
    db.exec('BEGIN; SELECT count(*) FROM store');
    await db.backup(to);
  } finally {
    db.close();
  }
}
