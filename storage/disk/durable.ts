import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The only place that opens a file for writing at run time. What makes a file durable, as system calls:
 *
 *     open(<path>.part, O_CREAT|O_EXCL)  write…  fsync  close
 *     link(<path>.part, <path>)          fails when <path> exists: nothing is ever overwritten
 *     unlink(<path>.part)
 *     open(<folder>, O_DIRECTORY)  fsync  close
 *
 * A crash before the link leaves a `.part` that the sweep removes; one after it leaves a whole file.
 */
export const partialSuffix = '.part';

/** Opens the partial file of `path`, making its folder where needed; the folder above must be there. */
export async function openPartial(path: string): Promise<FileHandle> {
  const folder = dirname(path);
  await makeFolder(folder);
  try {
    return await open(path + partialSuffix, 'wx', 0o640);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  folders.delete(folder);
  await makeFolder(folder);
  return open(path + partialSuffix, 'wx', 0o640);
}

/** Folders that this process has made sure of, one a day. */
const folders = new Map<string, Promise<void>>();

/** Resolves when the folder is there and its entry durable: whoever made it may not have come that far. */
function makeFolder(folder: string): Promise<void> {
  let made = folders.get(folder);
  if (made === undefined) {
    made = mkdir(folder, { mode: 0o750 })
      .catch((error: unknown) => {
        if (!isCode(error, 'EEXIST')) throw error;
      })
      .then(() => syncFolder(dirname(folder)));
    folders.set(folder, made);
    made.catch(() => folders.delete(folder));
  }
  return made;
}

/** Makes a written and synced partial file the real one. Rejects with `EEXIST` when there is one already. */
export async function publish(path: string): Promise<void> {
  const partial = path + partialSuffix;
  await link(partial, path);
  await unlink(partial);
  await syncFolder(dirname(path));
}

/** Removes a file and makes its going durable; an absent one is success. */
export async function removeDurably(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
