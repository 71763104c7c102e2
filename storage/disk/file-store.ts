import { closeSync, open, read, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MdmaError } from '../model/errors.ts';
import {
  type FileEntry,
  type FileKey,
  type FileStore,
  isFileKey,
  type Root,
  type StoredFile,
} from '../ports/file-store.ts';
import { isCode, partialSuffix, removeDurably } from './durable.ts';
import { createFileWriter } from './file-writer.ts';
import { refuseOnePlace } from './refuse-one-place.ts';

const openFile = promisify(open);

const copyChunkBytes = 1 << 20;

/**
 * A file store in two folders, which must exist: see `README.md` beside this file for the life of a file.
 *
 * @throws `invalid-request` when the two are one place
 */
export async function openDiskFileStore(folders: Readonly<Record<Root, string>>): Promise<FileStore> {
  await refuseOnePlace(folders);
  const toPath = (root: Root, key: FileKey) => join(folders[root], key);

  async function openStored(root: Root, key: FileKey): Promise<StoredFile> {
    let descriptor: number;
    try {
      descriptor = await openFile(toPath(root, key), 'r');
    } catch (error) {
      if (isCode(error, 'ENOENT')) {
        throw new MdmaError('not-found', `Cannot open file ${key}: it is not in the ${root} root`, {
          cause: error,
        });
      }
      throw error;
    }
    return toStoredFile(descriptor);
  }

  /** Whether the same bytes lie under the key already. */
  async function isThere(root: Root, key: FileKey, source: StoredFile): Promise<boolean> {
    const there = await openStored(root, key).catch((error: unknown) => {
      if (error instanceof MdmaError && error.code === 'not-found') return undefined;
      throw error;
    });
    return there !== undefined && (await isSame(source, there));
  }

  /** A file that passes for its own copy would be removed as the original. */
  async function refuseItself(key: FileKey, from: Root, to: Root): Promise<void> {
    const [mine, theirs] = await Promise.all([from, to].map((root) => findStat(toPath(root, key))));
    if (mine === undefined || mine.ino !== theirs?.ino || mine.dev !== theirs.dev) return;
    throw new Error(`Cannot copy file ${key}: its place in the ${to} root is the file itself`);
  }

  async function copy(key: FileKey, from: Root, to: Root): Promise<void> {
    await refuseItself(key, from, to);
    const source = await openStored(from, key);
    const writer = createFileWriter(toPath(to, key), key);
    try {
      for (let position = 0; ; ) {
        const chunk = new Uint8Array(copyChunkBytes);
        const bytesRead = await source.read(chunk, position);
        if (bytesRead === 0) break;
        await writer.write(chunk.subarray(0, bytesRead));
        position += bytesRead;
      }
      await writer.finish();
    } catch (error) {
      await writer.discard();
      const isConflict = error instanceof MdmaError && error.code === 'conflict';
      if (!isConflict || !(await isThere(to, key, source))) throw error;
    } finally {
      await source.close();
    }
  }

  return {
    create: async (key) => createFileWriter(toPath('on-line', key), key),
    open: openStored,
    copy,
    remove: (root, key) => removeDurably(toPath(root, key)),
    removePartial: (root, key) => removeDurably(toPath(root, key) + partialSuffix),
    list: (root) => listFolder(folders[root]),
    async freeBytes() {
      const { bavail, bsize } = statfsSync(folders['on-line']);
      return bavail * bsize;
    },
  };
}

function toStoredFile(descriptor: number): StoredFile {
  return {
    read: (into, position) =>
      new Promise((resolve, reject) => {
        read(descriptor, into, 0, into.byteLength, position, (error, bytesRead) => {
          if (error === null) resolve(bytesRead);
          else reject(error);
        });
      }),
    close: async () => closeSync(descriptor),
  };
}

/** Compares byte by byte; closes `other`. */
async function isSame(one: StoredFile, other: StoredFile): Promise<boolean> {
  const [mine, theirs] = [Buffer.alloc(copyChunkBytes), Buffer.alloc(copyChunkBytes)];
  try {
    for (let position = 0; ; ) {
      const bytesRead = await one.read(mine, position);
      const theirBytes = await other.read(theirs, position);
      if (bytesRead !== theirBytes || mine.compare(theirs, 0, bytesRead, 0, bytesRead) !== 0) return false;
      if (bytesRead === 0) return true;
      position += bytesRead;
    }
  } finally {
    await other.close();
  }
}

async function* listFolder(folder: string): AsyncIterable<FileEntry> {
  const days = (await readdir(folder)).filter((name) => /^\d{8}$/.test(name));
  for (const day of days) {
    for (const name of await readdir(join(folder, day))) {
      const isPartial = name.endsWith(partialSuffix);
      const key = `${day}/${isPartial ? name.slice(0, -partialSuffix.length) : name}`;
      const found = isFileKey(key) && (await findStat(join(folder, day, name)));
      if (found) yield { key, bytes: Number(found.size), changedAt: Number(found.mtimeMs), isPartial };
    }
  }
}

/** Files come and go while a folder is listed. */
async function findStat(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
