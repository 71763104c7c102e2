import { createHash } from 'node:crypto';
import { MdmaError } from './model/errors.ts';
import type { FileStore, StoredFile } from './ports/file-store.ts';
import type { DurableFile } from './ports/postings.ts';

const chunkBytes = 256 * 1024;

/** What is kept is not what it should be: its bytes are others, or nobody can tell what they say. */
export class UnreadableFile extends Error {
  override readonly name: string = 'UnreadableFile';
}

/** A kept file, wherever it lies: what waits long for the ISO may have been archived meanwhile. */
async function openFile(files: Pick<FileStore, 'open'>, { key }: DurableFile): Promise<StoredFile> {
  try {
    return await files.open('on-line', key);
  } catch (error) {
    if (error instanceof MdmaError && error.code === 'not-found') return files.open('archive', key);
    throw error;
  }
}

/**
 * Reads the whole of a kept file, so that what is made from it afterwards is not made from damaged bytes.
 *
 * @returns why there is nothing to read: it is gone, or not what was kept; undefined when nothing is wrong with it
 * @throws any other error, which is not the file's: the disk's, say
 */
export async function findReadFault(
  files: Pick<FileStore, 'open'>,
  file: DurableFile,
): Promise<string | undefined> {
  try {
    await readChunks(files, file, () => undefined);
    return undefined;
  } catch (error) {
    const why = findFileFault(error);
    if (why === undefined) throw error;
    return why;
  }
}

/** What is wrong with a file, of what reading it threw: it is gone or damaged. Undefined of any other error. */
export function findFileFault(error: unknown): string | undefined {
  const isGone = error instanceof MdmaError && error.code === 'not-found';
  return isGone || error instanceof UnreadableFile ? error.message : undefined;
}

/**
 * A kept file chunk by chunk; a chunk is good until the next one is asked for.
 *
 * @throws `not-found` when it is gone; `UnreadableFile` at the end, when the bytes are not those that were kept:
 *   nothing made from them may be used then
 */
export async function* readPieces(
  files: Pick<FileStore, 'open'>,
  file: DurableFile,
): AsyncIterable<Uint8Array> {
  const stored = await openFile(files, file);
  const hash = createHash('sha256');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(file.bytes, 1)));
    let position = 0;
    for (let read = -1; read !== 0; position += read) {
      read = await stored.read(buffer, position);
      hash.update(buffer.subarray(0, read));
      if (read > 0) yield buffer.subarray(0, read);
    }
  } finally {
    await stored.close();
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== file.sha256) {
    throw new UnreadableFile(`Cannot read file ${file.key}: its SHA-256 is ${sha256}, not ${file.sha256}`);
  }
}

/** Hands a kept file over chunk by chunk, as `readPieces` gives it. */
export async function readChunks(
  files: Pick<FileStore, 'open'>,
  file: DurableFile,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  for await (const chunk of readPieces(files, file)) await take(chunk);
}

/** The whole of a small file; throws as `readChunks`. */
export async function readWhole(files: Pick<FileStore, 'open'>, file: DurableFile): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  await readChunks(files, file, (chunk) => {
    chunks.push(Buffer.from(chunk));
  });
  return Buffer.concat(chunks);
}
