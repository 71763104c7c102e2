import Sqlite from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { addMonths, dayMs } from '../../../storage/model/time.ts';
import type { Transaction } from '../../../storage/model/transaction.ts';
import { toCanonicalJson } from '../../../storage/sql/append-event.ts';
import { addParties, getName, type Parties, toSha256 } from '../../support/parties.ts';
import { createTestStore, type TestStore } from '../../support/store.ts';

interface Event {
  readonly subject: string;
  readonly subject_id: number;
  readonly kind: string;
  readonly at: number;
  readonly instance: string;
  readonly body: string;
}

let store: TestStore;
let parties: Parties;

beforeEach(async () => {
  store = await createTestStore();
  parties = await addParties(store);
});

function listEvents(): Event[] {
  const db = new Sqlite(store.config.databaseFile, { readonly: true });
  try {
    return db
      .prepare('SELECT subject, subject_id, kind, at, instance, body FROM event ORDER BY sequence')
      .all() as Event[];
  } finally {
    db.close();
  }
}

/** What `act` puts on record. */
async function recordOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = listEvents().length;
  await act();
  return listEvents()
    .slice(before)
    .map(({ subject, kind, body }) => `${subject} ${kind} ${body}`);
}

test('a mailbox’s change is one event with what changed; no change is none', async () => {
  const { changeMailbox } = store.catalogue.mailboxes;
  const { name } = parties.espBox;
  const change = { onLineDays: 5, levels: { C_GAP: 'error' }, receivers: ['1'] } as const;
  expect(await recordOf(() => changeMailbox(name, change))).toEqual([
    'mailbox changed {"levels":{"C_GAP":"error"},"receivers":["1"]}',
  ]);
  expect(await recordOf(() => changeMailbox(name, change))).toEqual([]);
});

const validity = { validFromAt: 0, validToAt: 9 };

test('accounts: every change is one event, what was refused or changed nothing is none', async () => {
  const { participants } = store.catalogue;
  const { esp } = parties;
  const fingerprint = toSha256('certificate');
  expect(listEvents().map(({ subject, kind }) => `${subject} ${kind}`)).toEqual([
    'participant added',
    'participant added',
    'participant added',
    'mailbox added',
    'participant added',
    'mailbox added',
  ]);
  const register = () =>
    participants.registerCertificate({ participant: esp.name, fingerprint, subject: 'CN=x', ...validity });
  expect(await recordOf(register)).toEqual([
    `participant certificate-registered {"fingerprint":"${fingerprint}","subject":"CN=x","validFromAt":0,"validToAt":9}`,
  ]);
  expect(await recordOf(() => register().catch(() => undefined))).toEqual([]);
  const revoke = () => participants.revokeCertificate(fingerprint);
  expect(await recordOf(revoke)).toEqual([
    `participant certificate-revoked {"fingerprint":"${fingerprint}"}`,
  ]);
  expect(await recordOf(revoke)).toEqual([]);
  const key = {
    participant: esp.name,
    id: 'k',
    secretSha256: toSha256('secret'),
    label: 'x',
    expiresAt: null,
  };
  expect(await recordOf(() => participants.issueKey(key))).toEqual([
    'participant key-issued {"expiresAt":null,"id":"k","label":"x"}',
  ]);
  expect(await recordOf(() => participants.revokeKey('k'))).toEqual(['participant key-revoked {"id":"k"}']);
  expect(await recordOf(() => participants.revokeKey('k'))).toEqual([]);
});

test('no secret is in an event, not even its digest', async () => {
  const secretSha256 = toSha256('secret');
  const key = { participant: parties.esp.name, id: 'k', secretSha256, label: '', expiresAt: null };
  await store.catalogue.participants.issueKey(key);
  expect(listEvents().some(({ body }) => body.includes(secretSha256))).toBe(false);
});

test('a posting is one event with what it made true; a replay and a failed one are none', async () => {
  const idempotency = { key: 'once', requestSha256: toSha256('request') };
  const post = () =>
    parties.post({ mailboxes: [parties.espBox, parties.udcBox], content: 'abc', idempotency });
  const sha256 = toSha256('abc');
  expect(await recordOf(post)).toEqual([
    `posting posted {"by":"staff","bytes":3,"corrects":null,"files":[{"mailbox":"esp-one","name":"202611200630.dat"},` +
      `{"mailbox":"udc-one","name":"202611200630.dat"}],"sha256":"${sha256}"}`,
  ]);
  expect(await recordOf(post)).toEqual([]);
  const corrects = 999 as Transaction;
  expect(
    await recordOf(() => parties.post({ corrects, reasonCode: 'misread' }).catch(() => undefined)),
  ).toEqual([]);
});

test('a refusal and skipped numbers are events', async () => {
  const { postings } = store.catalogue;
  const found = { bytes: 1, sha256: toSha256('x'), reason: 'why', scan: undefined };
  const refuse = () => postings.recordRefusal({ postedBy: parties.staff, originalName: 'x' }, found);
  expect(await recordOf(refuse)).toEqual([
    `refusal refused {"by":"staff","bytes":1,"reason":"why","sha256":"${found.sha256}"}`,
  ]);
  expect(await recordOf(() => postings.skipTransactions(5))).toEqual([
    'store transactions-skipped {"count":5,"last":5}',
  ]);
});

test('opening and ending of a retrieval are two events, receipts a third', async () => {
  const { retrievals } = store.catalogue;
  const { esp, espBox } = parties;
  const name = getName((await parties.post({ content: 'abc' })).posting, espBox);
  const opening = { mailboxId: espBox.id, name, participant: esp, credential: 'key k', address: '::1' };
  let id = 0;
  const open = async () => {
    id = await retrievals.openRetrieval({ ...opening, coding: 'identity', range: { start: 0, end: 3 } });
  };
  expect(await recordOf(open)).toEqual([
    `retrieval opened {"address":"::1","coding":"identity","credential":"key k","mailboxId":${espBox.id},` +
      `"name":"${name}","participantId":${esp.id},"rangeEnd":3,"rangeStart":0}`,
  ]);
  const end = () => retrievals.endRetrieval(id, { bytesSent: 3, isWhole: true });
  expect(await recordOf(end)).toEqual(['retrieval ended {"bytesSent":3,"state":"sent"}']);
  expect(await recordOf(end)).toEqual([]);
  const [right, wrong] = [toSha256('abc'), toSha256('abd')];
  expect(await recordOf(() => retrievals.acknowledge(esp, espBox.id, name, wrong))).toEqual([
    `retrieval digest-mismatch {"by":"esp-one","sha256":"${wrong}"}`,
  ]);
  expect(await recordOf(() => retrievals.acknowledge(esp, espBox.id, name, right))).toEqual([
    `retrieval acknowledged {"by":"esp-one","sha256":"${right}"}`,
  ]);
});

test('ageing: leaving, moving and deleting are events, each once', async () => {
  const { retention } = store.catalogue;
  const { posting } = await parties.post();
  const name = getName(posting, parties.espBox);
  const leave = () => retention.archiveMailboxFile(parties.espBox.id, name);
  expect(await recordOf(leave)).toEqual([]);
  store.clock.advance(5 * dayMs);
  expect(await recordOf(leave)).toEqual([
    `mailbox-file archived {"mailboxId":${parties.espBox.id},"name":"${name}"}`,
  ]);
  expect(await recordOf(leave)).toEqual([]);
  const [file] = await retention.listFilesToArchive(store.clock.now(), 1);
  const move = () => retention.recordFileArchived(file?.id ?? 0);
  expect(await recordOf(move)).toEqual(['file archived {}']);
  expect(await recordOf(move)).toEqual([]);
  store.clock.set(addMonths(store.clock.now(), 36));
  const remove = () => retention.recordFileDeleted(file?.id ?? 0);
  expect(await recordOf(remove)).toEqual(['file deleted {}']);
  store.clock.advance(1);
  expect(await recordOf(remove)).toEqual([]);
  expect(listEvents().at(-1)).toMatchObject({ at: store.clock.now() - 1, subject_id: file?.id });
});

test('reading, heartbeats and leases leave no event', async () => {
  const { catalogue } = store;
  const look = async () => {
    await catalogue.participants.listParticipants();
    await catalogue.mailboxes.listFiles(parties.espBox.id, { after: undefined, limit: 1 });
    await catalogue.instances.heartbeat();
    await catalogue.instances.takeLease('x', store.clock.now() + 1);
    await catalogue.findContradictions();
  };
  expect(await recordOf(look)).toEqual([]);
});

test('an event carries the instant and the instance that did it', async () => {
  const other = await store.openAgain('ops');
  store.clock.advance(7);
  await parties.post({ by: other });
  expect(listEvents().at(-1)).toMatchObject({
    at: store.clock.now(),
    instance: other.catalogue.instances.instance,
    subject: 'posting',
  });
});

test('canonical JSON has its keys in order at every depth, whatever order they came in', () => {
  const one = { b: [{ y: 1, x: null }], a: { d: 'ü', c: true } };
  const other = { a: { c: true, d: 'ü' }, b: [{ x: null, y: 1 }] };
  expect(toCanonicalJson(one)).toBe('{"a":{"c":true,"d":"ü"},"b":[{"x":null,"y":1}]}');
  expect(toCanonicalJson(other)).toBe(toCanonicalJson(one));
});
