import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { MdmaError } from '../model/errors.ts';
import type { Queries } from './queries.ts';
import { createSqliteQueries } from './sqlite-queries.ts';

/** How long SQLite itself may block the process for a lock; longer waits are asynchronous (ruling 23). */
const busyTimeoutMs = 20;
const busyRetryMs = 15;
const busyGiveUpMs = 10_000;
/** Transactions that share one commit at most, so that the first waits for no more than this many. */
const maxShared = 256;

/** How long a patient write waits for another to share a commit with. */
const patienceMs = 20;

interface Job {
  run(queries: Queries): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { job: Job; value: unknown } | { job: Job; error: unknown };

/**
 * The one place that begins and commits. Reads go to a connection of their own and see what was committed. Writes
 * that wait at the same moment share a commit and its fsync: each runs in a savepoint, so that one that fails takes
 * nothing of the others with it; all are told after the commit is durable (WAL with `synchronous=FULL`).
 */
export class Database {
  readonly read: Queries;
  readonly #writer: Sqlite.Database;
  readonly #reader: Sqlite.Database;
  readonly #queries: Queries;
  /** Prepared, because `exec` would parse them at every transaction. */
  readonly #statements: Record<'begin' | 'commit' | 'savepoint' | 'release', Sqlite.Statement>;
  #waiting: Job[] = [];
  #isFlushing = false;
  /** Whether anybody who waits is waited for. */
  #isUrgent = false;
  #patience: NodeJS.Timeout | undefined;
  #isClosed = false;

  readonly #makeRoom: () => Promise<boolean>;

  /**
   * Opens an existing database; never creates one. `path` is a file.
   *
   * @param makeRoom called when the disk is full; true when it freed some, so that the write is worth another try
   */
  constructor(path: string, makeRoom: () => Promise<boolean>) {
    this.#makeRoom = makeRoom;
    this.#writer = openConnection(path, false);
    this.#reader = openConnection(path, true);
    this.#statements = {
      begin: this.#writer.prepare('BEGIN IMMEDIATE'),
      commit: this.#writer.prepare('COMMIT'),
      savepoint: this.#writer.prepare('SAVEPOINT job'),
      release: this.#writer.prepare('RELEASE job'),
    };
    this.#queries = createSqliteQueries(this.#writer);
    this.read = createSqliteQueries(this.#reader);
  }

  /**
   * Runs `operation` as one transaction; resolves when it is durable. Inside, await nothing but queries of
   * `queries`: they answer without leaving the process, so that the transaction stays short (ruling 23).
   *
   * @param options `isPatient`: nobody waits for it, so it may wait a moment for another write to share a commit with
   * @throws what `operation` throws (nothing of it is kept), `unavailable` after ten seconds behind another writer,
   *   `storage-full` when there is no room
   */
  write<T>(operation: (queries: Queries) => Promise<T>, { isPatient = false } = {}): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error('Cannot write: the catalogue is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: operation, resolve: resolve as (value: unknown) => void, reject });
      this.#isUrgent ||= !isPatient;
      this.#schedule();
    });
  }

  /** Waits for what was given to `write`, then closes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUrgent = true;
    this.#schedule();
    while (this.#isFlushing) await delay(1);
    this.#reader.close();
    this.#writer.close();
  }

  /** One commit a turn of the event loop, so that who writes again and again does not keep everybody else waiting. */
  async #flush(): Promise<void> {
    const jobs = this.#waiting.splice(0, maxShared);
    this.#isUrgent = this.#waiting.length > 0;
    await this.#commitOrReject(jobs);
    this.#isFlushing = false;
    this.#schedule();
  }

  /** Has what waits committed: in the next turn when anything is urgent, else in a moment. */
  #schedule(): void {
    if (this.#isFlushing || this.#waiting.length === 0) return;
    if (!this.#isUrgent) {
      this.#patience ??= setTimeout(() => {
        this.#isUrgent = true;
        this.#schedule();
      }, patienceMs);
      return;
    }
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  async #commitOrReject(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#commit(jobs).catch(async (error: unknown) => {
        if (!isSqliteError(error, 'SQLITE_FULL') || !(await this.#makeRoom())) throw error;
        await this.#commit(jobs);
      });
    } catch (error) {
      if (isSqliteError(error, 'SQLITE_FULL') && jobs.length > 1) {
        // The record of a download may still fit where the post beside it does not (ruling 21).
        for (const job of jobs) await this.#commitOrReject([job]);
        return;
      }
      for (const job of jobs) job.reject(toStorageError(error));
    }
  }

  /** One transaction for all the jobs; on failure nothing of any of them is kept and nobody is told yet. */
  async #commit(jobs: readonly Job[]): Promise<void> {
    await this.#begin();
    let outcomes: Outcome[];
    try {
      outcomes = await this.#runAll(jobs);
      this.#statements.commit.run();
    } catch (error) {
      if (this.#writer.inTransaction) this.#writer.exec('ROLLBACK');
      throw error;
    }
    for (const outcome of outcomes) settle(outcome);
  }

  async #begin(): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += busyTimeoutMs + busyRetryMs) {
      try {
        this.#statements.begin.run();
        return;
      } catch (error) {
        if (!isSqliteError(error, 'SQLITE_BUSY') || waitedMs > busyGiveUpMs) throw error;
        await delay(busyRetryMs);
      }
    }
  }

  async #runAll(jobs: readonly Job[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const { savepoint, release } = this.#statements;
    for (const job of jobs) {
      savepoint.run();
      try {
        outcomes.push({ job, value: await job.run(this.#queries) });
        release.run();
      } catch (error) {
        // No room is everybody's matter; after some failures SQLite has rolled everything back already.
        if (isSqliteError(error, 'SQLITE_FULL') || !this.#writer.inTransaction) throw error;
        this.#writer.exec('ROLLBACK TO job; RELEASE job');
        outcomes.push({ job, error: toStorageError(error) });
      }
    }
    return outcomes;
  }
}

function settle(outcome: Outcome): void {
  if ('error' in outcome) outcome.job.reject(outcome.error);
  else outcome.job.resolve(outcome.value);
}

/**
 * A connection on which every commit is durable; the library's default in WAL mode would not be. Opening may block for
 * long, because another process may be recovering the journal after a crash; afterwards only for a moment.
 */
function openConnection(path: string, readonly: boolean): Sqlite.Database {
  const db = new Sqlite(path, { fileMustExist: true, readonly, timeout: busyGiveUpMs });
  if (!readonly) db.pragma('journal_mode = WAL');
  db.pragma('schema_version');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`busy_timeout = ${busyTimeoutMs}`);
  return db;
}

function isSqliteError(error: unknown, code: string): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith(code);
}

function toStorageError(error: unknown): unknown {
  if (isSqliteError(error, 'SQLITE_FULL')) {
    return new MdmaError('storage-full', 'Cannot write to the catalogue: no room on its disk', {
      cause: error,
    });
  }
  if (isSqliteError(error, 'SQLITE_BUSY')) {
    return new MdmaError('unavailable', 'Cannot write to the catalogue: another writer holds it', {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
  return error;
}
