import { closeSync, openSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { createLivedStore } from '../../support/lived-store.ts';
import { toSha256 } from '../../support/parties.ts';
import type { TestStore } from '../../support/store.ts';

let store: TestStore;

beforeEach(async () => {
  ({ store } = await createLivedStore());
});

/** Changes rows as nobody may, past the programs and the guards. */
function tamper(sql: string): void {
  const db = new Sqlite(store.config.databaseFile);
  db.pragma('foreign_keys = OFF');
  db.exec('DROP TRIGGER event_is_append_only_update; DROP TRIGGER event_is_append_only_delete');
  db.exec(sql);
  db.close();
}

test('a sound catalogue contradicts nothing', async () => {
  expect(await store.catalogue.findContradictions()).toEqual([]);
});

test.each<[what: string, sql: string, invariant: RegExp, subject: RegExp]>([
  ['a posting without its row', 'DELETE FROM posting WHERE transaction_number = 2', /^7/, /^transaction 2$/],
  [
    'a posting without its event',
    "DELETE FROM event WHERE kind = 'posted' AND subject_id = 2",
    /^7/,
    /^transaction 2$/,
  ],
  ['another digest', `UPDATE file SET sha256 = '${toSha256('x')}' WHERE id = 1`, /^7/, /^transaction 1$/],
  [
    'another poster',
    'UPDATE posting SET posted_by = 2 WHERE transaction_number = 1',
    /^7/,
    /^transaction 1$/,
  ],
  [
    'another correction',
    'UPDATE posting SET corrects = 2 WHERE transaction_number = 2',
    /^7/,
    /^transaction 2$/,
  ],
  ['a file gone from a mailbox', 'DELETE FROM mailbox_file WHERE mailbox_id = 2', /^1/, /^mailbox udc-one /],
  [
    'a file in another’s mailbox',
    "UPDATE mailbox_file SET mailbox_id = 2, name = '209901010000.dat' WHERE transaction_number = 2",
    /^5/,
    /^mailbox udc-one 209901010000/,
  ],
  [
    'another’s bytes under a name',
    'UPDATE mailbox_file SET file_id = 2 WHERE mailbox_id = 2',
    /^5/,
    /^mailbox udc-one /,
  ],
  ['no lineage', 'DELETE FROM derivation WHERE file_id = 1', /^3/, /^transaction 1$/],
  [
    'names out of order',
    `UPDATE event SET body = replace(body, '.dat', '0.dat'); UPDATE mailbox_file SET name = '0' WHERE transaction_number = 2`,
    /^4/,
    /^mailbox esp-one /,
  ],
  ['a reading set gone', 'DELETE FROM reading_set', /^8/, /^transaction 1$/],
  [
    'a source without posting',
    "INSERT INTO source (state, instance, file_id) SELECT 'posted', id, 1 FROM instance",
    /^1/,
    /^source 3$/,
  ],
  ['a retrieval without its row', 'DELETE FROM retrieval', /^6/, /^retrieval 1$/],
  [
    'a retrieval that says more',
    "UPDATE event SET body = replace(body, 'sent', 'cut') WHERE kind = 'ended'; DELETE FROM event WHERE kind = 'acknowledged'",
    /^6/,
    /^retrieval 1$/,
  ],
  ['a retrieval of another file', 'UPDATE retrieval SET participant_id = 1', /^6/, /^retrieval 1$/],
  ['another address', "UPDATE retrieval SET address = '::2'", /^6/, /^retrieval 1$/],
  [
    'retrieved without retrieval',
    'UPDATE mailbox_file SET first_retrieved_at = 7 WHERE mailbox_id = 2',
    /^6/,
    /^mailbox udc-one /,
  ],
  ['retrieved and not so', 'UPDATE mailbox_file SET first_retrieved_at = NULL', /^6/, /^mailbox esp-one /],
  [
    'acknowledged without receipt',
    'UPDATE mailbox_file SET acknowledged_at = 7 WHERE mailbox_id = 2',
    /^6/,
    /^mailbox udc-one /,
  ],
  ['acknowledged and not so', 'UPDATE mailbox_file SET acknowledged_at = NULL', /^6/, /^mailbox esp-one /],
  [
    'archived without event',
    'UPDATE mailbox_file SET archived_at = 7 WHERE mailbox_id = 2',
    /^7/,
    /^mailbox udc-one /,
  ],
  ['moved without event', "UPDATE file SET root = 'archive' WHERE id = 2", /^7/, /^file 2$/],
  ['deleted too early', 'UPDATE file SET deleted_at = 7 WHERE id = 2', /^1/, /^file 2$/],
  ['shown without bytes', 'UPDATE file SET deleted_at = delete_at WHERE id = 2', /^1/, /^mailbox esp-one /],
  [
    'another role',
    "UPDATE participant SET role = 'staff' WHERE name = 'esp-one'",
    /^5/,
    /^participant esp-one$/,
  ],
  ['another owner', 'UPDATE mailbox SET owner_id = 3 WHERE id = 1', /^5/, /^mailbox esp-one$/],
  ['another zone', "UPDATE mailbox SET zone = 'UTC' WHERE id = 1", /^5/, /^mailbox esp-one$/],
  ['other days on line', 'UPDATE mailbox SET on_line_days = 9 WHERE id = 1', /^5/, /^mailbox esp-one$/],
  ['other levels', `UPDATE mailbox SET levels = '{"C_GAP":"off"}' WHERE id = 1`, /^5/, /^mailbox esp-one$/],
  ['other receivers', `UPDATE mailbox SET receivers = '["1"]' WHERE id = 1`, /^5/, /^mailbox esp-one$/],
  ['a certificate of another', 'UPDATE certificate SET participant_id = 1', /^5/, /^certificate /],
  ['a revocation without event', 'UPDATE certificate SET revoked_at = 7', /^5/, /^certificate /],
  ['a key of another', 'UPDATE api_key SET participant_id = 1', /^5/, /^key k$/],
  ['a participant gone', "DELETE FROM participant WHERE name = 'udc-one'", /^0/, /^(mailbox|event) /],
])('%s is named', async (_what, sql, invariant, subject) => {
  tamper(sql);
  const findings = await store.catalogue.findContradictions();
  expect(findings).toContainEqual(
    expect.objectContaining({
      invariant: expect.stringMatching(invariant),
      subject: expect.stringMatching(subject),
      found: expect.stringMatching(/\w/),
    }),
  );
});

test('a revocation that was undone is named', async () => {
  await store.catalogue.participants.revokeCertificate(toSha256('c'));
  await store.catalogue.participants.revokeKey('k');
  expect(await store.catalogue.findContradictions()).toEqual([]);
  tamper('UPDATE certificate SET revoked_at = NULL; UPDATE api_key SET revoked_at = NULL');
  expect((await store.catalogue.findContradictions()).map(({ subject }) => subject)).toEqual([
    `certificate ${toSha256('c')}`,
    'key k',
  ]);
});

test('a damaged database is named', async () => {
  await store.close();
  const db = new Sqlite(store.config.databaseFile);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const rootPage = db
    .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'event_subject'")
    .pluck()
    .get() as number;
  const pageSize = db.pragma('page_size', { simple: true }) as number;
  db.close();
  const descriptor = openSync(store.config.databaseFile, 'r+');
  writeSync(descriptor, new Uint8Array(200).fill(0xff), 0, 200, (rootPage - 1) * pageSize + pageSize - 200);
  closeSync(descriptor);
  const again = await store.openAgain('ops');
  const findings = await again.catalogue.findContradictions();
  expect(findings).toContainEqual(expect.objectContaining({ invariant: '0 the database is sound' }));
});
