import { closeSync, fsync, link, mkdir, open, unlink, writev } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

// Of plain descriptors: a `FileHandle` costs a post more than what is done with it.
const makeFolderAt = promisify(mkdir);
const linkFile = promisify(link);
const openFile = promisify(open);
const syncFile = promisify(fsync);
const unlinkFile = promisify(unlink);
const writeVector = promisify(writev);

/**
 * The only place that opens a file for writing at run time. What makes a file durable, as system calls:
 *
 *     open(<path>.part, O_CREAT|O_EXCL)  write…  fsync  close
 *     link(<path>.part, <path>)          fails when <path> exists: nothing is ever overwritten
 *     unlink(<path>.part)
 *     open(<folder>, O_DIRECTORY)  fsync  close     shared by all that wait for it
 *
 * Whatever may wait for the disk is done by libuv's threads; `close` does not.
 *
 * A crash before the link leaves a `.part` that the sweep removes; one after it leaves a whole file.
 */
export const partialSuffix = '.part';

/** Opens the partial file of `path`, making its folder where needed; the folder above must be there. */
export async function openPartial(path: string): Promise<number> {
  const folder = dirname(path);
  await makeFolder(folder);
  try {
    return await openFile(path + partialSuffix, 'wx', 0o640);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  folders.delete(folder);
  await makeFolder(folder);
  return openFile(path + partialSuffix, 'wx', 0o640);
}

/** Writes chunks, however many the system takes at a time. */
export async function writeAll(descriptor: number, chunks: readonly Uint8Array[]): Promise<void> {
  for (let rest = chunks.filter(({ byteLength }) => byteLength > 0); rest.length > 0; ) {
    const { bytesWritten } = await writeVector(descriptor, rest);
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

/** Folders that this process has made sure of, one a day. */
const folders = new Map<string, Promise<void>>();

/** Resolves when the folder is there and its entry durable: whoever made it may not have come that far. */
function makeFolder(folder: string): Promise<void> {
  let made = folders.get(folder);
  if (made === undefined) {
    made = makeFolderAt(folder, { mode: 0o750 })
      .catch((error: unknown) => {
        if (!isCode(error, 'EEXIST')) throw error;
      })
      .then(() => syncFolder(dirname(folder)));
    folders.set(folder, made);
    made.catch(() => folders.delete(folder));
  }
  return made;
}

/**
 * Makes a written partial file durable, closes it, and makes it the real one. Rejects with `EEXIST` when there is one
 * already.
 */
export async function publish(descriptor: number, path: string): Promise<void> {
  try {
    await syncFile(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const partial = path + partialSuffix;
  await linkFile(partial, path);
  await unlinkFile(partial);
  await syncFolder(dirname(path));
}

/** Removes a file and makes its going durable; an absent one is success. */
export async function removeDurably(path: string): Promise<void> {
  try {
    await unlinkFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncFolder(dirname(path));
}

/** By folder: the sync under way, and the one after it, which all that come meanwhile share. */
const syncing = new Map<string, Promise<void>>();
const following = new Map<string, Promise<void>>();

/** Makes every entry of the folder durable that is in it when this is called. */
function syncFolder(folder: string): Promise<void> {
  const current = syncing.get(folder);
  if (current === undefined) return beginSync(folder);
  let next = following.get(folder);
  if (next === undefined) {
    const begin = () => {
      following.delete(folder);
      return beginSync(folder);
    };
    next = current.then(begin, begin);
    following.set(folder, next);
  }
  return next;
}

function beginSync(folder: string): Promise<void> {
  const sync = openFile(folder, 'r')
    .then((descriptor) => syncFile(descriptor).finally(() => closeSync(descriptor)))
    .finally(() => {
      if (syncing.get(folder) === sync) syncing.delete(folder);
    });
  syncing.set(folder, sync);
  return sync;
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
