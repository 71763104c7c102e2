import { constants } from 'node:fs';
import { copyFile, link, mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Errors of `link` that mean "not between these two places": another file system, or one without hard links. */
const linkRefusals = ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'EOPNOTSUPP'];

/**
 * Copies a file durably, with its folder; rejects when `target` exists.
 *
 * @param mayLink whether a hard link will do: for stored files, whose bytes never change
 */
export async function copyDurably(source: string, target: string, mayLink: boolean): Promise<void> {
  await makeFolder(path.dirname(target));
  if (mayLink && (await isLinked(source, target))) return;
  await copyFile(source, target, constants.COPYFILE_EXCL);
  await syncPath(target);
}

async function isLinked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (linkRefusals.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Makes a folder and those above it that are missing, for its owner only, each with a durable entry. */
export async function makeFolder(folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true, mode: 0o750 });
  if (topmost === undefined) return;
  for (let made = folder; made.length >= topmost.length; made = path.dirname(made)) {
    await syncPath(path.dirname(made));
  }
}

/** Makes a file's bytes or a folder's entries durable. */
export async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
