import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeBackup } from '../../ops/backup/make-backup.ts';
import { catalogueName, manifestName } from '../../ops/backup/manifest.ts';
import { restoreBackup, skippedTransactions } from '../../ops/backup/restore-backup.ts';
import { createSample, mappedMeter } from '../../ops/quick-start/create-sample.ts';
import { check } from '../../storage/check.ts';
import type { StorageConfig } from '../../storage/config.ts';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { dayMs, minuteMs } from '../../storage/model/time.ts';
import { openStore } from '../../storage/open.ts';
import { parseFileKey } from '../../storage/ports/file-store.ts';
import type { Mailbox } from '../../storage/ports/mailboxes.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import { retentionLease } from '../../storage/ports/retention.ts';
import { postFile } from '../../storage/post-file.ts';
import { createTestStore, type TestStore, toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

let store: TestStore;
let staff: Participant;
let mailbox: Mailbox;

beforeAll(async () => {
  store = await createTestStore();
  const { participants, mailboxes, resources } = store.catalogue;
  staff = await participants.addParticipant({
    name: parseParticipantName('staff'),
    title: 'Staff',
    role: 'staff',
  });
  mailbox = await mailboxes.addMailbox({
    name: parseMailboxName('esp-one'),
    owner: staff.name,
    zone: 'America/Los_Angeles',
    profile: 'strict',
    onLineDays: 5,
    allowsRaw: false,
    demandsMapping: false,
    levels: {},
    receivers: [],
  });
  const mapping = { meter: mappedMeter, unit: 'KWH', resourceId: 'SITE_1', measurementType: 'LOAD' };
  await resources.mapResource({ ...mapping, account: 'sc-one', way: 'omar', effectiveFrom: '2026-01-01' });
  await post();
});

async function post() {
  store.clock.advance(minuteMs);
  const request = {
    postedBy: staff,
    mailboxes: [mailbox],
    originalName: 'sample.dat',
    format: undefined,
    profile: undefined,
    isComplete: true,
    corrects: null,
    reasonCode: null,
    note: '',
    isoAccount: null,
    idempotency: null,
  };
  const deps = { ...store, limits: { maxBytes: 1e6, reserveBytes: 0 } };
  const body = Buffer.from(createSample(store.clock.now()).text);
  const nothing = { bytes: undefined, sha256: undefined };
  return (
    await postFile(
      deps,
      request,
      (async function* () {
        yield body;
      })(),
      nothing,
    )
  ).posting;
}

function backUp(folder = path.join(makeTemporaryFolder(), 'backup')) {
  const { config: storage, clock } = store;
  return makeBackup(store, { storage, clock, folder, onProgress: () => undefined });
}

function restore(folder: string, storage = toStorageConfig(path.join(makeTemporaryFolder(), 'restored'))) {
  const options = { folder, storage, clock: store.clock, by: 'tester', onProgress: () => undefined };
  return { storage, restored: restoreBackup(options) };
}

async function openRestored(storage: StorageConfig) {
  return openStore(storage, { program: 'ops', clock: store.clock });
}

describe('a round trip', () => {
  test('gives back every file and everything known of them', async () => {
    const before = await post();
    const backup = await backUp();
    expect(backup).toMatchObject({ damaged: [] });
    expect(backup.files).toBeGreaterThanOrEqual(2);
    const { storage, restored } = restore(backup.folder);
    expect(await restored).toMatchObject({ files: backup.files, damaged: [] });

    const again = await openRestored(storage);
    const clock = { now: () => Number.MAX_SAFE_INTEGER };
    expect(await check({ ...again, clock }, { graceMs: 0, isQuick: false })).toEqual([]);
    const { forwardings: _held, ...posted } = before;
    expect(await again.catalogue.postings.findPosting(staff, before.transaction)).toMatchObject(posted);
    await again.close();
  });

  test('never gives a transaction number again that may have reached the ISO', async () => {
    const backup = await backUp();
    const after = await post();
    const { storage, restored } = restore(backup.folder);
    const { skippedTo } = await restored;
    expect(skippedTo).toBe(after.transaction - 1 + skippedTransactions);
    const again = await openRestored(storage);
    expect(await again.catalogue.postings.skipTransactions(1)).toBe(skippedTo + 1);
    await again.close();
  });

  test('can be backed up at once: the pause of retention that the backup carries is over', async () => {
    const { storage, restored } = restore((await backUp()).folder);
    await restored;
    const again = await openRestored(storage);
    const folder = path.join(makeTemporaryFolder(), 'backup');
    const options = { storage, clock: store.clock, folder, onProgress: () => undefined };
    expect((await makeBackup(again, options)).damaged).toEqual([]);
    await again.close();
  });

  test('holds what may have been sent since, so that nothing is sent twice', async () => {
    const { forwardings } = await post();
    expect(forwardings).toHaveLength(1);
    const backup = await backUp();
    const { storage, restored } = restore(backup.folder);
    expect((await restored).held).toContain(forwardings[0]?.id);
    const again = await openRestored(storage);
    const now = store.clock.now() + 30 * dayMs;
    expect(
      await again.catalogue.forwardings.claimForwarding('sc-one', 'omar', now + minuteMs),
    ).toBeUndefined();
    await again.close();
  });

  test('links files on one file system instead of copying them', async () => {
    const { folder } = await backUp();
    const [day = ''] = readdirSync(path.join(folder, 'on-line'));
    const [name = ''] = readdirSync(path.join(folder, 'on-line', day));
    expect(statSync(path.join(folder, 'on-line', day, name)).ino).toBe(
      statSync(path.join(store.config.filesFolder, day, name)).ino,
    );
  });
});

describe('makeBackup refuses', () => {
  test('a folder that exists', async () => {
    await expect(backUp(makeTemporaryFolder())).rejects.toThrow(
      /exists; each backup has a folder of its own/,
    );
  });

  test('while retention is at work, and lets it go on afterwards', async () => {
    const other = await store.openAgain('server');
    const until = store.clock.now() + minuteMs;
    expect(await other.catalogue.instances.takeLease(retentionLease, until)).toBe(true);
    await expect(backUp()).rejects.toMatchObject({ code: 'unavailable' });
    await other.catalogue.instances.releaseLease(retentionLease);
    await backUp();
    expect(await other.catalogue.instances.takeLease(retentionLease, until)).toBe(true);
    await other.catalogue.instances.releaseLease(retentionLease);
  });
});

test('a damaged file is named, left out of a restore and found by check', async () => {
  const damagedStore = await createTestStore();
  const { config: storage, clock } = damagedStore;
  const writer = await damagedStore.files.create(parseFileKey(`20261120/${'a'.repeat(32)}`));
  await writer.write(Buffer.from('x'));
  await writer.finish();
  // Its own bytes are good; a row that promises others makes it a damaged one.
  await damagedStore.catalogue.forwardings.keepPage({
    account: 'sc-one',
    kind: 'status',
    fingerprint: 'f',
    why: 'test',
    head: { httpStatus: 200, contentType: 'text/html' },
    file: {
      key: parseFileKey(`20261120/${'a'.repeat(32)}`),
      sha256: 'b'.repeat(64) as import('../../storage/model/sha256.ts').Sha256,
      bytes: 1,
    },
  });
  const folder = path.join(makeTemporaryFolder(), 'backup');
  const backup = await makeBackup(damagedStore, { storage, clock, folder, onProgress: () => undefined });
  expect(backup.files).toBe(0);
  expect(backup.damaged).toMatchObject([{ damage: expect.stringContaining('digest') }]);
  const target = restore(folder);
  expect((await target.restored).damaged).toHaveLength(1);
  const again = await openRestored(target.storage);
  const findings = await check({ ...again, clock }, { graceMs: 0, isQuick: false });
  expect(findings).toHaveLength(1);
  await again.close();
});

describe('restoreBackup refuses, and makes nothing of', () => {
  test.each<[string, RegExp, (folder: string) => void]>([
    [
      'a backup without a manifest',
      /no finished backup/,
      (folder) => rmSync(path.join(folder, manifestName)),
    ],
    [
      'an unfinished one',
      /no finished backup/,
      (folder) =>
        renameSync(path.join(folder, manifestName), path.join(folder, `${manifestName}.unfinished`)),
    ],
    [
      'a manifest that was cut',
      /cut short/,
      (folder) => {
        const file = path.join(folder, manifestName);
        writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, -2).join('\n'));
      },
    ],
    [
      'a manifest that was changed',
      /was changed/,
      (folder) => {
        const file = path.join(folder, manifestName);
        writeFileSync(file, readFileSync(file, 'utf8').replace('on-line', 'archive'));
      },
    ],
    [
      'a catalogue that was changed',
      /not what its manifest says/,
      (folder) => appendFileSync(path.join(folder, catalogueName), 'x'),
    ],
    [
      'a file that is gone',
      /not what its manifest says/,
      (folder) => rmSync(path.join(folder, 'on-line'), { recursive: true }),
    ],
  ])('%s', async (_what, message, damage) => {
    const { folder } = await backUp();
    damage(folder);
    const { storage, restored } = restore(folder);
    await expect(restored).rejects.toThrow(message);
    expect(() => statSync(path.dirname(storage.databaseFile))).toThrow(/ENOENT/);
  });

  test('a place where something is', async () => {
    const { folder } = await backUp();
    const { restored } = restore(folder, store.config);
    await expect(restored).rejects.toThrow(/in the way; a restore overwrites nothing/);
    await store.expectSound();
  });
});
