import { open, stat, unlink } from 'node:fs/promises';
import { isCode } from './durable.ts';

/**
 * A file that holds room on the disk for the records of downloads (ruling 21): when the disk is full it is given up,
 * so that the catalogue can go on recording who took what while posts are refused. The sweep fills it again.
 */
export interface Ballast {
  /** Fills the ballast if it is not full; gives false when the disk has no room for it now. */
  fill(): Promise<boolean>;
  /** Gives the room back; false when there was none to give. */
  release(): Promise<boolean>;
}

const block = new Uint8Array(1 << 20);

export function createBallast(path: string, bytes: number): Ballast {
  async function release(): Promise<boolean> {
    try {
      await unlink(path);
      return true;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async function fill(): Promise<boolean> {
    const found = await stat(path).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (found !== undefined && found.size >= bytes) return true;
    const handle = await open(path, 'w', 0o600);
    try {
      for (let written = 0; written < bytes; written += block.byteLength) {
        await handle.write(block, 0, Math.min(block.byteLength, bytes - written));
      }
      await handle.sync();
      return true;
    } catch (error) {
      if (!isCode(error, 'ENOSPC') && !isCode(error, 'EDQUOT')) throw error;
      await release();
      return false;
    } finally {
      await handle.close();
    }
  }

  return { fill, release };
}
