import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { headBytes } from '../../../storage/formats/detect.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';

/** A file, or what stands for one, that is read from its first byte to its last. */
export interface Source {
  /** As it was named; `standard input` for `-`. */
  readonly name: string;
  /** What its extension may be taken from; undefined where there is none. */
  readonly fileName: string | undefined;
  /** Its size; undefined for a pipe, which can be read only once. */
  readonly bytes: number | undefined;
  /** Its first bytes, up to {@link headBytes}; all of it when it is shorter. */
  readonly head: Uint8Array;
  /** All of it, head included. A chunk is good until the next one is asked for. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What stands for standard input on the command line. */
const standardInput = '-';

const chunkBytes = 256 * 1024;

/**
 * Opens a file, a pipe with a name, or standard input (`-`).
 *
 * @throws `invalid-request` when it cannot be read
 */
export async function openSource(name: string, context: Context): Promise<Source> {
  if (name === standardInput) {
    const opened = await takeHead(context.stdin);
    return {
      name: 'standard input',
      fileName: undefined,
      bytes: undefined,
      ...opened,
      close: async () => undefined,
    };
  }
  let handle: FileHandle | undefined;
  try {
    handle = await open(path.resolve(context.cwd, name));
    return await openHandle(handle, name);
  } catch (error) {
    await handle?.close();
    throw toUnreadable(name, error);
  }
}

/** The source that an open file is; closing the source closes it. */
export async function openHandle(handle: FileHandle, name: string): Promise<Source> {
  const stats = await handle.stat();
  if (stats.isDirectory()) throw new MdmaError('invalid-request', `Cannot read ${name}: it is a folder`);
  const shared = { name, fileName: path.basename(name), close: () => handle.close() };
  if (!stats.isFile()) {
    const stream = handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false });
    return { ...shared, bytes: undefined, ...(await takeHead(stream)) };
  }
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  return {
    ...shared,
    bytes: stats.size,
    head: buffer.subarray(0, bytesRead),
    read: () => readAll(handle, name),
  };
}

/** Reads ahead by one chunk while the one before is being worked on. */
async function* readAll(handle: FileHandle, name: string): AsyncGenerator<Uint8Array> {
  const buffers: readonly Buffer[] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
  let position = 0;
  let next = handle.read(buffers[0] as Buffer, 0, chunkBytes, position);
  try {
    for (let turn = 1; ; turn++) {
      const { buffer, bytesRead } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      next = handle.read(buffers[turn % 2] as Buffer, 0, chunkBytes, position);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw toUnreadable(name, error);
  } finally {
    await next.catch(() => undefined);
  }
}

async function takeHead(stream: AsyncIterable<Uint8Array>): Promise<Pick<Source, 'head' | 'read'>> {
  const iterator = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    // Copied, because a chunk is good until the next one only.
    first.push(Uint8Array.from(value));
    length += value.length;
  }
  const start = Buffer.concat(first);
  return { head: start.subarray(0, headBytes), read: () => startWith(start, iterator) };
}

async function* startWith(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  yield* { [Symbol.asyncIterator]: () => rest };
}

const obstacles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** What to say of a file that cannot be read: `invalid-request`, naming it. */
export function toUnreadable(name: string, cause: unknown): unknown {
  if (cause instanceof MdmaError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const found = Object.hasOwn(obstacles, code) ? obstacles[code] : message;
  return new MdmaError('invalid-request', `Cannot read ${name}: ${found}`, { cause });
}
