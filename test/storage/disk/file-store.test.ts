import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openDiskFileStore } from '../../../storage/disk/file-store.ts';
import { type FileStore, toFileKey } from '../../../storage/ports/file-store.ts';
import { newId } from '../../contract/drivers.ts';
import { listAll, readAll, writeFile } from '../../contract/file-store-acts.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const day = '20261120';
const newKey = () => toFileKey(Date.UTC(2026, 10, 20), newId());

let folders: { 'on-line': string; archive: string };
let files: FileStore;

beforeEach(async () => {
  const folder = makeTemporaryFolder();
  folders = { 'on-line': join(folder, 'files'), archive: join(folder, 'archive') };
  for (const each of Object.values(folders)) mkdirSync(each);
  files = await openDiskFileStore(folders);
});

test('does not open on a root that is missing, and makes none', async () => {
  const missing = join(folders.archive, 'missing');
  await expect(openDiskFileStore({ ...folders, archive: missing })).rejects.toMatchObject({ code: 'ENOENT' });
  expect(readdirSync(folders.archive)).toEqual([]);
});

test.each<[string, (root: string) => string]>([
  ['the other root', (root) => root],
  ['the other root, spelled otherwise', (root) => join(root, '..', 'files')],
  ['a folder in the other root', (root) => makeFolder(join(root, 'archive'))],
  ['the folder the other root is in', (root) => join(root, '..')],
  ['a link to the other root', (root) => makeLink(root, `${root}-link`)],
  [
    'a folder in a link to the other root',
    (root) => join(makeLink(root, `${root}-link`), makeFolder('in', root)),
  ],
])(
  'does not open on an archive that is %s: moving a file there would remove it',
  async (_what, toArchive) => {
    const archive = toArchive(folders['on-line']);
    for (const each of [
      { 'on-line': folders['on-line'], archive },
      { 'on-line': archive, archive: folders['on-line'] },
    ]) {
      await expect(openDiskFileStore(each)).rejects.toMatchObject({
        code: 'invalid-request',
        faults: [{ at: 'storage.archiveFolder', value: each.archive }],
      });
    }
  },
);

function makeFolder(folder: string, within = ''): string {
  mkdirSync(join(within, folder));
  return folder;
}

function makeLink(target: string, link: string): string {
  symlinkSync(target, link);
  return link;
}

test('a copy never takes the file itself for its copy, by whatever way the roots came to meet', async () => {
  const key = newKey();
  await writeFile(files, key, Buffer.from('the only one'));
  makeLink(join(folders['on-line'], day), join(folders.archive, day));
  await expect(files.copy(key, 'on-line', 'archive')).rejects.toThrow(
    `Cannot copy file ${key}: its place in the archive root is the file itself`,
  );
  expect((await readAll(files, 'on-line', key)).toString()).toBe('the only one');
});

test('nothing is on the disk before there is something to write, and no partial file after the end', async () => {
  const writer = await files.create(newKey());
  await writer.write(Buffer.from('gathered'));
  expect(readdirSync(folders['on-line'])).toEqual([]);
  await writer.finish();
  const [name = ''] = readdirSync(join(folders['on-line'], day));
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(readdirSync(join(folders['on-line'], day))).toHaveLength(1);
});

test('neither files nor folders can be read by the rest of the machine', async () => {
  const key = newKey();
  await writeFile(files, key, Buffer.from('x'));
  expect(statSync(join(folders['on-line'], day)).mode & 0o007).toBe(0);
  expect(statSync(join(folders['on-line'], key)).mode & 0o007).toBe(0);
});

test('a copy that was cut by a crash is in the way until it is removed', async () => {
  const key = newKey();
  await writeFile(files, key, Buffer.from('whole'));
  mkdirSync(join(folders.archive, day));
  writeFileSync(`${join(folders.archive, key)}.part`, 'who');
  await expect(files.copy(key, 'on-line', 'archive')).rejects.toMatchObject({ code: 'conflict' });
  expect(await listAll(files, 'archive')).toMatchObject([{ key, bytes: 3, isPartial: true }]);
  await files.removePartial('archive', key);
  await files.copy(key, 'on-line', 'archive');
  expect((await readAll(files, 'archive', key)).toString()).toBe('whole');
});

test('lists its own files and nothing that others put beside them', async () => {
  const key = newKey();
  await writeFile(files, key, Buffer.from('x'));
  const root = folders['on-line'];
  mkdirSync(join(root, 'lost+found'), { mode: 0o000 });
  for (const stray of [
    'README',
    'lost+found/x',
    `${day}/notes.txt`,
    `${day}/${newId()}.dat`,
    `${day}/.part`,
  ]) {
    writeFileSync(join(root, stray), 'stray');
  }
  symlinkSync('/nowhere', join(root, day, newId()));
  expect((await listAll(files, 'on-line')).map((entry) => entry.key)).toEqual([key]);
});

const disk = mountSmallDisk(2 << 20);

test.skipIf(disk === undefined)(
  'a full disk keeps nothing of what did not fit, and all of what did',
  async () => {
    const root = disk ?? '';
    const small = await openDiskFileStore({ ...folders, 'on-line': root });
    const [kept, tooLarge] = [newKey(), newKey()];
    await writeFile(small, kept, Buffer.alloc(1 << 20, 'kept'));
    await expect(writeFile(small, tooLarge, Buffer.alloc(4 << 20))).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect((await listAll(small, 'on-line')).map(({ key }) => key)).toEqual([kept]);
    await writeFile(small, tooLarge, Buffer.alloc(1 << 19));
    expect((await readAll(small, 'on-line', kept)).equals(Buffer.alloc(1 << 20, 'kept'))).toBe(true);
    await small.remove('on-line', tooLarge);

    const archiving = await openDiskFileStore({ 'on-line': folders['on-line'], archive: root });
    await writeFile(archiving, tooLarge, Buffer.alloc(4 << 20));
    const attempt = archiving.copy(tooLarge, 'on-line', 'archive');
    await expect(attempt).rejects.toMatchObject({ code: 'storage-full' });
    expect((await listAll(archiving, 'archive')).map(({ key }) => key)).toEqual([kept]);
  },
);
