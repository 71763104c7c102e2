import { closeSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';

/** Something else that takes the room on the disk. */
export class Filler {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'filler');
  }

  /** Takes all the room but so much. Nobody says how much of a block that does not fit is written. */
  fill(leftBytes: number): void {
    const block = Buffer.alloc(2 ** 20);
    const descriptor = openSync(this.#file, 'a');
    for (let left = this.#free() - leftBytes; left > 0; left = this.#free() - leftBytes)
      writeSync(descriptor, block, 0, Math.min(left, block.length));
    closeSync(descriptor);
  }

  remove(): void {
    unlinkSync(this.#file);
  }

  #free(): number {
    const { bavail, bsize } = statfsSync(path.dirname(this.#file));
    return bavail * bsize;
  }
}

/** Without it, a commit would find room in the journal that the commits before have left. */
export function emptyJournal(databaseFile: string): void {
  const database = new Sqlite(databaseFile);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}
