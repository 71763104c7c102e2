import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atEnd } from './cleanup.ts';

/**
 * A new folder, removed with everything in it after the last test of this file.
 *
 * @returns its absolute path
 */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mdma-test-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
