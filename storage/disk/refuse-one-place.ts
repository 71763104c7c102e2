import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { toInvalid } from '../model/errors.ts';
import type { Root } from '../ports/file-store.ts';

/**
 * Refuses two roots of which one is the other or lies in it, by whatever links or mounts: a file that is moved from one
 * to the other is copied, then removed, and there its copy would be the file itself.
 *
 * @throws `invalid-request` about the archive root; what `stat` says of a folder that is missing
 */
export async function refuseOnePlace(folders: Readonly<Record<Root, string>>): Promise<void> {
  const { 'on-line': onLine, archive } = folders;
  const [mine, theirs] = await Promise.all([listFoldersAbove(onLine), listFoldersAbove(archive)]);
  if (!mine.includes(theirs[0] ?? '') && !theirs.includes(mine[0] ?? '')) return;
  throw toInvalid('Cannot open the file store', {
    at: 'storage.archiveFolder',
    value: archive,
    expected: `a folder apart from storage.filesFolder, ${onLine}: not the same, not in it, not around it`,
  });
}

/** The folder and all it lies in, each as its device and inode. */
async function listFoldersAbove(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (let at = await realpath(folder), below = ''; at !== below; at = path.dirname(at)) {
    const { dev, ino } = await stat(at, { bigint: true });
    found.push(`${dev} ${ino}`);
    below = at;
  }
  return found;
}
