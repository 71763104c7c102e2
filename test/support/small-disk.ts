import { execFileSync, spawnSync } from 'node:child_process';
import { atEnd } from './cleanup.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/**
 * A file system of its own with so little room, for tests of a full disk; taken away after the last test of the file.
 *
 * @returns its folder; undefined, said aloud, where this machine does not let us mount one
 */
export function mountSmallDisk(bytes: number): string | undefined {
  const folder = makeTemporaryFolder();
  const { status, stderr, error } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    console.warn(`SKIPPED: tests of a full disk need to mount a tmpfs: ${error?.message ?? stderr.trim()}`);
    return undefined;
  }
  atEnd(() => execFileSync('umount', [folder]));
  return folder;
}
