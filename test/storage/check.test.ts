import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { check } from '../../storage/check.ts';
import { dayMs } from '../../storage/model/time.ts';
import { type FileStore, toFileKey } from '../../storage/ports/file-store.ts';
import type { DurableFile } from '../../storage/ports/postings.ts';
import { newId } from '../contract/drivers.ts';
import { createLivedStore } from '../support/lived-store.ts';
import { type Parties, toSha256 } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';

let store: TestStore;
let parties: Parties;
let file: DurableFile;

beforeEach(async () => {
  ({ store, parties, file } = await createLivedStore());
});

const pathOf = (key: string, root: 'filesFolder' | 'archiveFolder' = 'filesFolder') =>
  join(store.config[root], key);

/** What the check finds, with everything on the disk older than its grace. */
function find(over: { isQuick?: boolean; graceMs?: number; files?: FileStore; now?: number } = {}) {
  const { isQuick = false, graceMs = 0, files = store.files, now = Number.MAX_SAFE_INTEGER } = over;
  return check({ catalogue: store.catalogue, files, clock: { now: () => now } }, { graceMs, isQuick });
}

test('a sound store gives nothing, quick or not', async () => {
  expect(await find()).toEqual([]);
  expect(await find({ isQuick: true })).toEqual([]);
});

describe('damage of the bytes', () => {
  const damaged = (found: unknown) => [
    { invariant: '1 acknowledged files exist', subject: expect.stringContaining(file.key), found },
  ];

  test('a flipped byte is found by its digest, and not by a quick check', async () => {
    const descriptor = openSync(pathOf(file.key), 'r+');
    const byte = new Uint8Array(1);
    readSync(descriptor, byte, 0, 1, 3);
    writeSync(
      descriptor,
      byte.map((value) => value ^ 1),
      0,
      1,
      3,
    );
    closeSync(descriptor);
    expect(await find()).toEqual(damaged(expect.stringMatching(/^has SHA-256 [0-9a-f]{64} instead of/)));
    expect(await find({ isQuick: true })).toEqual([]);
  });

  test.each([true, false])('a file that is shorter or longer is found (quick: %s)', async (isQuick) => {
    for (const bytes of [0, 1, file.bytes - 1, file.bytes + 1, file.bytes + 1_000]) {
      truncateSync(pathOf(file.key), bytes);
      expect(await find({ isQuick })).toEqual(damaged(`has ${bytes} bytes instead of ${file.bytes}`));
    }
  });

  test.each([true, false])('a file that is gone is found (quick: %s)', async (isQuick) => {
    rmSync(pathOf(file.key));
    expect(await find({ isQuick })).toEqual(
      damaged(expect.stringMatching(/^cannot be read: .*not in the on-line root/)),
    );
  });

  test('so is a compressed copy', async () => {
    const [coded] = await store.catalogue.retention.listFilesToCode(1);
    const key = toFileKey(store.clock.now(), newId());
    const coding = { coding: 'gzip', key, sha256: toSha256('zipped'), bytes: 6 } as const;
    await store.catalogue.retention.recordCodings(coded?.id ?? 0, [coding]);
    expect(await find()).toMatchObject([{ subject: `file ${coded?.id} (${key})` }]);
  });

  test('a file in the archive is looked for there', async () => {
    const { retention } = store.catalogue;
    const { file: unseen } = await parties.post({ mailboxes: [] });
    const [found] = await retention.listFilesToArchive(store.clock.now(), 1);
    await store.files.copy(unseen.key, 'on-line', 'archive');
    await retention.recordFileArchived(found?.id ?? 0);
    await store.files.remove('on-line', unseen.key);
    expect(await find()).toEqual([]);
    rmSync(pathOf(unseen.key, 'archiveFolder'));
    expect(await find()).toMatchObject([{ found: expect.stringMatching(/not in the archive root/) }]);
  });
});

describe('bytes that belong to nothing', () => {
  const invariant = '1 what was not acknowledged is nowhere';

  test('a left-over file is found in either root, once it is older than the grace time', async () => {
    const left = await parties.keep('left over');
    await store.files.copy(left.key, 'on-line', 'archive');
    expect(await find()).toEqual([
      { invariant, subject: `on-line ${left.key}`, found: 'has no row' },
      { invariant, subject: `archive ${left.key}`, found: 'has no row' },
    ]);
    const now = Date.now();
    expect(await find({ now, graceMs: 3_600_000 })).toEqual([]);
    expect(await find({ now: now + 3_700_000, graceMs: 3_600_000 })).toHaveLength(2);
  });

  test('a partial file is found', async () => {
    const key = toFileKey(store.clock.now(), newId());
    mkdirSync(dirname(pathOf(key, 'archiveFolder')), { recursive: true });
    writeFileSync(`${pathOf(key, 'archiveFolder')}.part`, 'half');
    expect(await find()).toEqual([
      { invariant, subject: `archive ${key}`, found: 'was begun and never finished' },
    ]);
  });

  test('the on-line original of an archived file is found', async () => {
    const { file: unseen } = await parties.post({ mailboxes: [] });
    const [found] = await store.catalogue.retention.listFilesToArchive(store.clock.now(), 1);
    await store.files.copy(unseen.key, 'on-line', 'archive');
    expect(await find()).toEqual([]);
    await store.catalogue.retention.recordFileArchived(found?.id ?? 0);
    expect(await find()).toEqual([{ invariant, subject: `on-line ${unseen.key}`, found: 'has no row' }]);
  });

  test('what others put beside the files is none of its business', async () => {
    writeFileSync(pathOf('README'), 'stray');
    expect(await find()).toEqual([]);
  });
});

test('says how far it has come', async () => {
  const seen: unknown[] = [];
  const options = { graceMs: 0, isQuick: false, onProgress: (progress: unknown) => seen.push(progress) };
  await check({ ...store, clock: { now: () => 0 } }, options);
  const [first, second] = await store.catalogue.retention.listFiles(0, 9);
  expect(seen).toEqual([
    { files: 1, bytes: first?.bytes },
    { files: 2, bytes: (first?.bytes ?? 0) + (second?.bytes ?? 0) },
  ]);
});

test('is not misled by a file that is archived while it looks', async () => {
  const { file: moved } = await parties.post({ mailboxes: [] });
  const { retention } = store.catalogue;
  store.clock.advance(dayMs);
  const files: FileStore = {
    ...store.files,
    async open(root, key) {
      const [due] = await retention.listFilesToArchive(store.clock.now(), 1);
      if (key === moved.key && due !== undefined) {
        await store.files.copy(key, 'on-line', 'archive');
        await retention.recordFileArchived(due.id);
        await store.files.remove('on-line', key);
      }
      return store.files.open(root, key);
    },
  };
  expect(await find({ files })).toEqual([]);
  expect((await retention.listFiles(0, 9)).at(-1)).toMatchObject({ key: moved.key, root: 'archive' });
});
