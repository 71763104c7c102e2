import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { parseSha256, type Sha256 } from '../storage/model/sha256.ts';

/** Size and SHA-256 of a file, read from its first byte to its last. */
export async function digestFile(file: string): Promise<{ bytes: number; sha256: Sha256 }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'r');
  for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: parseSha256(hash.digest('hex')) };
}
