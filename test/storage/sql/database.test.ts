import { setImmediate as turn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../../../storage/sql/database.ts';
import type { Queries } from '../../../storage/sql/queries.ts';
import { createTestStore } from '../../support/store.ts';

let path: string;
let database: Database;

beforeEach(async () => {
  path = (await createTestStore()).config.databaseFile;
  database = new Database(path, async () => false);
  return () => database.close();
});

const addLease = (name: string) => async (queries: Queries) => {
  await sql`INSERT INTO lease (name, holder, until_at) SELECT ${name}, id, 1 FROM instance LIMIT 1`.execute(
    queries,
  );
  return name;
};
const listLeases = async (queries: Queries = database.read) =>
  (await queries.selectFrom('lease').select('name').orderBy('name').execute()).map(({ name }) => name);

/** The same through a connection of another process. */
function listElsewhere(): string[] {
  const db = new Sqlite(path, { readonly: true });
  try {
    return (db.prepare('SELECT name FROM lease ORDER BY name').all() as { name: string }[]).map(
      ({ name }) => name,
    );
  } finally {
    db.close();
  }
}

describe('every connection', () => {
  const pragma = async (queries: Queries, name: string) =>
    Object.values((await sql<object>`${sql.raw(`PRAGMA ${name}`)}`.execute(queries)).rows[0] ?? {})[0];
  const settings = async (queries: Queries) => ({
    synchronous: await pragma(queries, 'synchronous'),
    foreignKeys: await pragma(queries, 'foreign_keys'),
    journal: await pragma(queries, 'journal_mode'),
    busyTimeoutMs: await pragma(queries, 'busy_timeout'),
  });
  /** Synchronous 2 is FULL: in WAL mode each commit waits for its fsync. */
  const durable = { synchronous: 2, foreignKeys: 1, journal: 'wal', busyTimeoutMs: 20 };

  test('that writes makes every commit durable, checks foreign keys and blocks for a moment only', async () => {
    expect(await database.write(settings)).toEqual(durable);
  });

  test('that reads is set the same, and cannot write', async () => {
    expect(await settings(database.read)).toEqual(durable);
    await expect(addLease('x')(database.read)).rejects.toThrow(/readonly/);
  });

  test('enforces foreign keys', async () => {
    const orphan = (queries: Queries) =>
      sql`INSERT INTO lease (name, holder, until_at) VALUES ('x', 'nobody', 1)`.execute(queries);
    await expect(database.write(orphan)).rejects.toThrow(/FOREIGN KEY/);
  });

  test('opens what is there and makes nothing', () => {
    expect(() => new Database(`${path}-missing`, async () => false)).toThrow();
  });
});

describe('write', () => {
  test('resolves with what the operation gives, when everybody can see it', async () => {
    expect(await database.write(addLease('a'))).toBe('a');
    expect(await listLeases()).toEqual(['a']);
    expect(listElsewhere()).toEqual(['a']);
  });

  test('what waits at the same moment shares one commit, in the order it came', async () => {
    const order: string[] = [];
    const names = Array.from({ length: 600 }, (_, at) => String(at).padStart(3, '0'));
    const seenByFirst: string[][] = [];
    const writes = names.map((name) =>
      database.write(async (queries) => {
        order.push(name);
        await addLease(name)(queries);
      }),
    );
    for (const at of [0, 256, 512]) {
      writes[at]?.then(() => {
        seenByFirst.push(listElsewhere());
      });
    }
    await Promise.all(writes);
    expect(order).toEqual(names);
    expect(seenByFirst.map(({ length }) => length)).toEqual([256, 512, 600]);
  });

  test('one after the other lets the rest of the process have its turn in between', async () => {
    let turns = 0;
    let isOver = false;
    const turning = (async () => {
      for (; !isOver; turns += 1) await turn();
    })();
    for (let count = 0; count < 100; count += 1) await database.write(addLease(`lease ${count}`));
    isOver = true;
    await turning;
    expect(turns).toBeGreaterThanOrEqual(100);
  });

  test('nobody sees an operation half done', async () => {
    const half = database.write(async (queries) => {
      await addLease('a')(queries);
      expect(await listLeases(queries)).toEqual(['a']);
      expect(await listLeases()).toEqual([]);
      expect(listElsewhere()).toEqual([]);
      await addLease('b')(queries);
    });
    await half;
    expect(await listLeases()).toEqual(['a', 'b']);
  });

  test('one that fails is undone to its beginning and rejects with its own error; the others are kept', async () => {
    const failure = new Error('on purpose');
    const failing = () =>
      database.write(async (queries) => {
        await addLease('undone')(queries);
        throw failure;
      });
    const breaking = () =>
      database.write(async (queries) => {
        await addLease('undone')(queries);
        await addLease('a')(queries);
      });
    const ends = await Promise.allSettled([
      failing(),
      database.write(addLease('a')),
      breaking(),
      failing(),
      database.write(addLease('b')),
    ]);
    expect(ends.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(ends[0]).toMatchObject({ reason: failure });
    expect(ends[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
    expect(await listLeases()).toEqual(['a', 'b']);
    await database.write(addLease('undone'));
    expect(await listLeases()).toEqual(['a', 'b', 'undone']);
  });

  test('an operation cannot begin a transaction of its own', async () => {
    const nested = (queries: Queries) => queries.transaction().execute(async () => undefined);
    await expect(database.write(nested)).rejects.toThrow(/Database\.write begins/);
    expect(await database.write(addLease('a'))).toBe('a');
  });
});

describe('close', () => {
  test('waits for what was given before, and refuses what comes after', async () => {
    const other = new Database(path, async () => false);
    const writes = Array.from({ length: 300 }, (_, at) => other.write(addLease(`before ${at}`)));
    const closed = other.close();
    await expect(other.write(addLease('after'))).rejects.toThrow(/closed/);
    await closed;
    await Promise.all(writes);
    expect(await listLeases()).toHaveLength(300);
    await expect(listLeases(other.read)).rejects.toThrow();
  });
});
