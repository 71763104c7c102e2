import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listMigrations, migrate } from '../../../storage/sql/migrate.ts';
import { addParties, toReadingSet } from '../../support/parties.ts';
import { createTestStore } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const all = 'SELECT * FROM reading_set ORDER BY source_id, number';

/** A database as the first program made it, with reading sets of two sources in it. */
function createFirst(path: string): Sqlite.Database {
  const db = new Sqlite(path);
  db.exec(listMigrations()[0]?.sql ?? '');
  db.pragma('user_version = 1');
  db.exec("INSERT INTO instance (id, program, started_at, seen_at) VALUES ('i', 'ops', 1, 1)");
  db.exec("INSERT INTO source (id, state, instance) VALUES (1, 'receiving', 'i'), (2, 'receiving', 'i')");
  const insert = db.prepare(`INSERT INTO reading_set VALUES
    (?, ?, 1, 2, 3, 'sender', 'receiver', ?, 'sdp', ?, 'E', ?, ?, ?, '1.0', ?, 4, 5, 6, 7, 8, 9, 10, ?, ?)`);
  const states = ['live', 'superseded', 'withdrawn'];
  for (let at = 0; at < 60; at += 1) {
    const unit = at % 2 === 0 ? 'KWH' : 'KVARH';
    const channel = at % 5 === 0 ? 'left' : '';
    const own = [
      `account ${at}`,
      `meter ${at % 7}`,
      unit,
      channel,
      'OK',
      15 * (1 + (at % 3)),
      `ref ${at % 4}`,
    ];
    insert.run(1 + (at % 2), at >> 1, ...own, states[at % 3]);
  }
  return db;
}

test('reading sets of the first program are the same afterwards, each kind of a source kept once', () => {
  const path = join(makeTemporaryFolder(), 'catalogue.sqlite');
  const first = createFirst(path);
  const before = first.prepare(all).all();
  first.close();
  expect(before).toHaveLength(60);
  expect(migrate(path)).toContain('0002-cheaper-rows.sql');
  const db = new Sqlite(path, { readonly: true });
  expect(db.prepare(all).all()).toEqual(before);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  const kinds = db.prepare('SELECT * FROM reading_set_kind').all() as Record<string, unknown>[];
  const contents = kinds.map(({ number, ...content }) => JSON.stringify(content));
  expect(new Set(contents).size).toBe(kinds.length);
  expect(kinds.length).toBeLessThan(60);
  db.close();
});

test('retrievals of the first program are the same afterwards, and a state that is none is still refused', () => {
  const path = join(makeTemporaryFolder(), 'catalogue.sqlite');
  const first = createFirst(path);
  first.pragma('foreign_keys = OFF');
  const insert = first.prepare(`INSERT INTO retrieval VALUES
    (?, 1, '202611200601.dat', 1, 'key', '::1', ?, NULL, ?, 'i', 10, ?, ?, ?)`);
  insert.run(3, 'zstd', null, null, null, 'open');
  insert.run(7, 'identity', 5, 20, 100, 'sent');
  insert.run(9, 'gzip', null, 30, 4, 'interrupted');
  first.exec("INSERT INTO participant VALUES (1, 'esp', 'ESP', 'participant', 1)");
  first.exec("INSERT INTO mailbox VALUES (1, 'esp', 1, 'UTC', 'strict', 5, 0, 1)");
  first.exec("INSERT INTO file VALUES (1, 'key', printf('%064d', 1), 1, 'on-line', 1, 1, 1, 0, 1, NULL)");
  first.exec("INSERT INTO source (id, state, instance, file_id) VALUES (3, 'posted', 'i', 1)");
  first.exec(`INSERT INTO posting VALUES
    (1, 3, 1, 1, '', 'cmep', 'strict', '{}', 1, NULL, NULL, '', NULL, NULL, NULL)`);
  first.exec("INSERT INTO mailbox_file VALUES (1, '202611200601.dat', 1, 1, 1, 1, 1, 1, NULL, NULL, NULL)");
  const before = first.prepare('SELECT * FROM retrieval ORDER BY id').all();
  first.close();
  migrate(path);
  const db = new Sqlite(path);
  expect(db.prepare('SELECT * FROM retrieval ORDER BY id').all()).toEqual(before);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  for (const wrong of ["state = 'lost'", "coding = 'br'"]) {
    expect(() => db.exec(`UPDATE retrieval SET ${wrong} WHERE id = 7`)).toThrow('CHECK');
  }
  db.close();
});

test('what sets of a posting have in common stands once, and every set is read back as it was', async () => {
  const store = await createTestStore();
  const parties = await addParties(store);
  const units = ['KWH', 'KWH', 'KVARH', 'KWH', 'KVARH', 'KWH'];
  const sets = units.map((unit, at) => ({
    ...toReadingSet(),
    line: at + 1,
    unit,
    meter: `meter-${at}`,
    externalReference: at === 3 ? 'BPT02' : '',
  }));
  await parties.post({ sets });
  const db = new Sqlite(store.config.databaseFile, { readonly: true });
  const kinds = db.prepare('SELECT number FROM reading_set_kind ORDER BY number').pluck().all();
  expect(kinds).toEqual([0, 2, 3]);
  const rows = db.prepare(all).all() as Record<string, unknown>[];
  const names = (row: Record<string, unknown>) => ({
    line: row.line,
    byteStart: row.byte_start,
    byteEnd: row.byte_end,
    sender: row.sender,
    receiver: row.receiver,
    account: row.account,
    sdp: row.sdp,
    meter: row.meter,
    commodity: row.commodity,
    unit: row.unit,
    channel: row.channel,
    purpose: row.purpose,
    multiplier: row.multiplier,
    intervalMinutes: row.interval_minutes,
    periodStartAt: row.period_start_at,
    periodEndAt: row.period_end_at,
    readings: row.readings,
    estimated: row.estimated,
    adjusted: row.adjusted,
    raw: row.raw,
    missing: row.missing,
    externalReference: row.external_reference,
  });
  expect(rows).toHaveLength(sets.length);
  expect(sets).toMatchObject(rows.map(names));
  db.close();
});
