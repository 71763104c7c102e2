import { closeSync } from 'node:fs';
import { MdmaError } from '../model/errors.ts';
import type { FileKey, FileWriter } from '../ports/file-store.ts';
import { isCode, openPartial, partialSuffix, publish, removeDurably, writeAll } from './durable.ts';

/** Bytes gathered before they are written: bodies arrive in TLS records of 16 KiB, and each write is a round trip. */
const gatheredBytes = 256 * 1024;

/** Writes one file of a disk store. The file is opened at the first write to disk, not before. */
export function createFileWriter(path: string, key: FileKey): FileWriter {
  let gathered: Uint8Array[] = [];
  let gatheredSize = 0;
  let descriptor: number | undefined;
  /** Whether the partial file is there and ours: another writer's must not be removed. */
  let isBegun = false;

  async function flush(): Promise<number> {
    const chunks = gathered;
    gathered = [];
    gatheredSize = 0;
    descriptor ??= await openPartial(path);
    isBegun = true;
    await writeAll(descriptor, chunks);
    return descriptor;
  }

  return {
    async write(chunk) {
      gathered.push(chunk);
      gatheredSize += chunk.byteLength;
      if (gatheredSize >= gatheredBytes) await translate(key, flush);
    },
    async finish() {
      await translate(key, async () => {
        const written = await flush();
        descriptor = undefined;
        await publish(written, path);
        isBegun = false;
      });
    },
    async discard() {
      gathered = [];
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      if (isBegun) await removeDurably(path + partialSuffix);
      isBegun = false;
    },
  };
}

/** The store's words for what the file system says. */
async function translate(key: FileKey, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')) {
      throw new MdmaError('storage-full', 'Cannot keep file: no room on the disk of the file store', {
        cause: error,
      });
    }
    if (isCode(error, 'EEXIST')) {
      throw new MdmaError('conflict', `Cannot keep file ${key}: there is one under that key`, {
        cause: error,
      });
    }
    throw error;
  }
}
