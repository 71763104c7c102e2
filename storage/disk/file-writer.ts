import type { FileHandle } from 'node:fs/promises';
import { MdmaError } from '../model/errors.ts';
import type { FileKey, FileWriter } from '../ports/file-store.ts';
import { isCode, openPartial, partialSuffix, publish, removeDurably } from './durable.ts';

/** Bytes gathered before they are written: bodies arrive in TLS records of 16 KiB, and each write is a round trip. */
const gatheredBytes = 256 * 1024;

/** Writes one file of a disk store. The file is opened at the first write to disk, not before. */
export function createFileWriter(path: string, key: FileKey): FileWriter {
  let gathered: Uint8Array[] = [];
  let gatheredSize = 0;
  let handle: FileHandle | undefined;
  /** Whether the partial file is there and ours: another writer's must not be removed. */
  let isBegun = false;

  async function flush(): Promise<void> {
    const chunks = gathered;
    gathered = [];
    gatheredSize = 0;
    handle ??= await openPartial(path);
    isBegun = true;
    await writeAll(handle, chunks);
  }

  async function close(): Promise<void> {
    const open = handle;
    handle = undefined;
    await open?.close();
  }

  return {
    async write(chunk) {
      gathered.push(chunk);
      gatheredSize += chunk.byteLength;
      if (gatheredSize >= gatheredBytes) await translate(key, flush);
    },
    async finish() {
      await translate(key, async () => {
        await flush();
        await handle?.sync();
        await close();
        await publish(path);
        isBegun = false;
      });
    },
    async discard() {
      gathered = [];
      await close();
      if (isBegun) await removeDurably(path + partialSuffix);
      isBegun = false;
    },
  };
}

/** Writes chunks, however many the system takes at a time. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  for (let rest = chunks.filter(({ byteLength }) => byteLength > 0); rest.length > 0; ) {
    const { bytesWritten } = await handle.writev(rest);
    rest = toRest(rest, bytesWritten);
  }
}

/** What is left of chunks of which so many bytes were written. */
function toRest(chunks: readonly Uint8Array[], bytesWritten: number): Uint8Array[] {
  let at = 0;
  let within = bytesWritten;
  for (let chunk = chunks[at]; chunk !== undefined && within >= chunk.byteLength; chunk = chunks[at]) {
    within -= chunk.byteLength;
    at += 1;
  }
  const [cut, ...whole] = chunks.slice(at);
  return cut === undefined ? [] : [cut.subarray(within), ...whole];
}

/** The store's words for what the file system says. */
async function translate(key: FileKey, act: () => Promise<void>): Promise<void> {
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
