import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs } from '../../storage/model/time.ts';
import { type FileStore, type Root, toFileKey } from '../../storage/ports/file-store.ts';
import { fileStoreDrivers, newId } from './drivers.ts';
import { listAll, readAll, writeFile } from './file-store-acts.ts';

const now = Date.UTC(2026, 10, 20, 12);
const newKey = () => toFileKey(now, newId());
const content = Buffer.from('0123456789');

describe.each(fileStoreDrivers)('file store on $name: reading, copying, removing', ({ open }) => {
  let reopen: () => Promise<FileStore>;
  let files: FileStore;

  beforeEach(async () => {
    reopen = open();
    files = await reopen();
  });

  test('what is not there is not found, in either root', async () => {
    const key = newKey();
    const roots: readonly Root[] = ['on-line', 'archive'];
    for (const root of roots) {
      await expect(files.open(root, key)).rejects.toMatchObject({ code: 'not-found' });
    }
    await writeFile(files, key, content);
    await expect(files.open('archive', key)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a read fills the buffer from its position on; it is short only at the end', async () => {
    const key = newKey();
    await writeFile(files, key, content);
    const file = await files.open('on-line', key);
    const read = async (length: number, position: number) => {
      const into = Buffer.alloc(length, '-');
      return [await file.read(into, position), into.toString()];
    };
    expect(await read(4, 0)).toEqual([4, '0123']);
    expect(await read(4, 3)).toEqual([4, '3456']);
    expect(await read(4, 8)).toEqual([2, '89--']);
    expect(await read(4, 10)).toEqual([0, '----']);
    expect(await read(4, 99)).toEqual([0, '----']);
    expect(await Promise.all([read(2, 4), read(3, 0), read(1, 9)])).toEqual([
      [2, '45'],
      [3, '012'],
      [1, '9'],
    ]);
    await file.close();
  });

  test('an open file can be read to its end after it was removed', async () => {
    const key = newKey();
    await writeFile(files, key, content);
    const file = await files.open('on-line', key);
    await files.remove('on-line', key);
    const into = Buffer.alloc(20);
    expect(await file.read(into, 0)).toBe(10);
    await file.close();
    await expect(files.open('on-line', key)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a copy is equal, the original stays, and copying again is success', async () => {
    const key = newKey();
    const large = Buffer.alloc(2_500_000, 'large');
    await writeFile(files, key, large);
    for (let again = 0; again < 2; again += 1) await files.copy(key, 'on-line', 'archive');
    const roots: readonly Root[] = ['on-line', 'archive'];
    for (const root of roots) expect((await readAll(files, root, key)).equals(large)).toBe(true);
    await files.remove('on-line', key);
    expect((await readAll(await reopen(), 'archive', key)).equals(large)).toBe(true);
    expect(await listAll(files, 'archive')).toHaveLength(1);
  });

  test.each([
    ['other bytes', Buffer.from('012345678X')],
    ['fewer bytes', Buffer.from('01234567')],
    ['more bytes', Buffer.from('0123456789abc')],
  ])('a copy onto %s is a conflict that changes nothing', async (_name, other) => {
    const key = newKey();
    await writeFile(files, key, other);
    await files.copy(key, 'on-line', 'archive');
    await files.remove('on-line', key);
    await writeFile(files, key, content);
    await expect(files.copy(key, 'on-line', 'archive')).rejects.toMatchObject({ code: 'conflict' });
    expect(await readAll(files, 'archive', key)).toEqual(other);
    expect(await readAll(files, 'on-line', key)).toEqual(content);
    expect(await listAll(files, 'archive')).toHaveLength(1);
  });

  test('a copy of what is not there is not found and leaves nothing', async () => {
    await expect(files.copy(newKey(), 'on-line', 'archive')).rejects.toMatchObject({ code: 'not-found' });
    expect(await listAll(files, 'archive')).toEqual([]);
  });

  test('two copies at once: the file arrives, and who lost succeeds or has a conflict', async () => {
    const key = newKey();
    const large = Buffer.alloc(8_000_000, 'large');
    await writeFile(files, key, large);
    const elsewhere = await reopen();
    const ends = await Promise.allSettled([
      files.copy(key, 'on-line', 'archive'),
      elsewhere.copy(key, 'on-line', 'archive'),
    ]);
    expect(ends.map(({ status }) => status)).toContain('fulfilled');
    for (const end of ends) if (end.status === 'rejected') expect(end.reason.code).toBe('conflict');
    expect((await readAll(files, 'archive', key)).equals(large)).toBe(true);
    expect(await listAll(files, 'archive')).toHaveLength(1);
  });

  test('remove takes one root only; removing what is not there is success', async () => {
    const key = newKey();
    await files.remove('on-line', key);
    await writeFile(files, key, content);
    await files.copy(key, 'on-line', 'archive');
    for (let again = 0; again < 2; again += 1) await files.remove('on-line', key);
    await expect(files.open('on-line', key)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readAll(files, 'archive', key)).toEqual(content);
    await writeFile(files, key, content);
    expect(await readAll(files, 'on-line', key)).toEqual(content);
  });

  test('lists every file of a root, of all days, with its size', async () => {
    const keys = Array.from({ length: 30 }, (_, day) => toFileKey(now + day * dayMs, newId()));
    for (const [at, key] of keys.entries()) await writeFile(files, key, Buffer.alloc(at));
    const entries = await listAll(await reopen(), 'on-line');
    expect(entries.map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(entries.every(({ key, bytes }) => keys.indexOf(key as (typeof keys)[0]) === bytes)).toBe(true);
    expect(await listAll(files, 'archive')).toEqual([]);
  });

  test('tells how much room there is', async () => {
    expect(await files.freeBytes()).toBeGreaterThan(0);
  });
});
