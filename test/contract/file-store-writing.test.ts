import { beforeEach, describe, expect, test } from 'vitest';
import { type FileKey, type FileStore, type Root, toFileKey } from '../../storage/ports/file-store.ts';
import { fileStoreDrivers, newId } from './drivers.ts';
import { listAll, readAll, writeFile } from './file-store-acts.ts';

const now = Date.UTC(2026, 10, 20, 12);
const newKey = () => toFileKey(now, newId());

describe.each(fileStoreDrivers)('file store on $name: writing', ({ open }) => {
  let reopen: () => Promise<FileStore>;
  let files: FileStore;

  beforeEach(async () => {
    reopen = open();
    files = await reopen();
  });

  test('a file can be opened when finish has resolved, here and in another process, and not before', async () => {
    const key = newKey();
    const elsewhere = await reopen();
    const writer = await files.create(key);
    await writer.write(Buffer.alloc(1 << 20, 'a'));
    for (const store of [files, elsewhere]) {
      await expect(store.open('on-line', key)).rejects.toMatchObject({ code: 'not-found' });
    }
    await writer.finish();
    for (const store of [files, elsewhere]) {
      expect(await readAll(store, 'on-line', key)).toEqual(Buffer.alloc(1 << 20, 'a'));
    }
  });

  test('what is being written is listed as partial, what was finished is not', async () => {
    const [partial, whole] = [newKey(), newKey()];
    const writer = await files.create(partial);
    await writer.write(Buffer.alloc(1 << 20));
    await writeFile(files, whole, Buffer.from('abc'));
    const entries = await listAll(files, 'on-line');
    expect(entries.find(({ key }) => key === partial)?.isPartial).toBe(true);
    expect(entries.find(({ key }) => key === whole)).toMatchObject({ bytes: 3, isPartial: false });
    expect(entries).toHaveLength(2);
    await writer.discard();
  });

  test('a key is written once: a second file under it is a conflict, and the first stays as it was', async () => {
    const key = newKey();
    await writeFile(files, key, Buffer.from('first'));
    for (const content of ['second', 'first']) {
      await expect(writeFile(files, key, Buffer.from(content))).rejects.toMatchObject({ code: 'conflict' });
    }
    expect((await readAll(files, 'on-line', key)).toString()).toBe('first');
    expect(await listAll(files, 'on-line')).toHaveLength(1);
  });

  test('of two writers under one key at the same time one wins whole, and the other has a conflict', async () => {
    const key = newKey();
    const [one, other] = [await files.create(key), await (await reopen()).create(key)];
    const [mine, theirs] = [Buffer.alloc(1 << 20, 'm'), Buffer.alloc(1 << 20, 't')];
    await one.write(mine);
    const second = (async () => {
      await other.write(theirs);
      await other.finish();
    })();
    await expect(second).rejects.toMatchObject({ code: 'conflict' });
    await other.discard();
    await one.finish();
    expect(await readAll(files, 'on-line', key)).toEqual(mine);
    expect(await listAll(files, 'on-line')).toHaveLength(1);
  });

  test('discard leaves nothing: before the first write, in the middle, twice', async () => {
    for (const chunks of [[], ['few'], [Buffer.alloc(1 << 20)], [Buffer.alloc(1 << 20), 'more']]) {
      const writer = await files.create(newKey());
      for (const chunk of chunks) await writer.write(Buffer.from(chunk as Buffer));
      await writer.discard();
      await writer.discard();
    }
    expect(await listAll(files, 'on-line')).toEqual([]);
  });

  test('discard after finish keeps the file, after a conflict it keeps the first', async () => {
    const key = newKey();
    const writer = await files.create(key);
    await writer.write(Buffer.from('kept'));
    await writer.finish();
    await writer.discard();
    const second = await files.create(key);
    await second.write(Buffer.from('not kept'));
    await expect(second.finish()).rejects.toMatchObject({ code: 'conflict' });
    await second.discard();
    expect((await readAll(files, 'on-line', key)).toString()).toBe('kept');
  });

  test.each([
    ['nothing', []],
    ['one byte', [1]],
    ['several buffers', [100_000, 200_000, 300_000, 1]],
    ['one large chunk', [3_000_000]],
    ['single bytes', Array.from({ length: 300_000 }, () => 1)],
    ['many small chunks', Array.from({ length: 20_000 }, (_, at) => 1 + (at % 97))],
  ])('keeps every byte in order: %s', async (_name, lengths) => {
    const key = newKey();
    const content = toPattern(lengths.reduce((sum, length) => sum + length, 0));
    const writer = await files.create(key);
    let at = 0;
    for (const length of lengths) {
      await writer.write(content.subarray(at, at + length));
      at += length;
    }
    await writer.finish();
    expect((await readAll(files, 'on-line', key)).equals(content)).toBe(true);
  });

  test('many writers at once do not disturb each other', async () => {
    const written = new Map<FileKey, Buffer>();
    const writeOne = async (at: number) => {
      const [key, content] = [newKey(), Buffer.alloc(400_000 + at, at)];
      written.set(key, content);
      await writeFile(files, key, content);
    };
    await Promise.all(Array.from({ length: 40 }, (_, at) => writeOne(at)));
    for (const [key, content] of written) {
      expect((await readAll(files, 'on-line', key)).equals(content)).toBe(true);
    }
    expect(await listAll(files, 'on-line')).toHaveLength(40);
  });

  test('what a dead writer left can be removed, and the finished file of the same key stays', async () => {
    const [left, whole] = [newKey(), newKey()];
    await (await files.create(left)).write(Buffer.alloc(1 << 20));
    await writeFile(files, whole, Buffer.from('whole'));
    const elsewhere = await reopen();
    const roots: readonly Root[] = ['on-line', 'archive'];
    for (const root of roots) {
      for (const key of [left, whole, newKey()]) await elsewhere.removePartial(root, key);
    }
    expect((await listAll(files, 'on-line')).map(({ key }) => key)).toEqual([whole]);
    expect((await readAll(files, 'on-line', whole)).toString()).toBe('whole');
  });
});

/** Bytes of which no long run comes twice at another place. */
function toPattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}
