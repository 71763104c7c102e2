import { closeSync, openSync, readSync } from 'node:fs';

/** So much is read at a time: what the server's body chunks are at most. */
const chunkBytes = 64 * 1024;

/** Hands the file over chunk by chunk, in one buffer that is used again and again, as scanners allow. */
export function readFile(file: string, take: (chunk: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const bytes = readSync(descriptor, buffer);
      if (bytes === 0) return;
      take(buffer.subarray(0, bytes));
    }
  } finally {
    closeSync(descriptor);
  }
}
