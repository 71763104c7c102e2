import type {
  FormatName,
  Reading,
  ReadingSet,
  ScanOptions,
  ScanResult,
} from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';

export interface Scanned extends ScanResult {
  readonly sets: readonly { readonly set: ReadingSet; readonly readings: readonly Reading[] }[];
}

/** A time later than every stamp in the fixtures. */
export const now = Date.UTC(2026, 0, 1);

export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Scans the chunks as one file; every chunk is overwritten after its push, because scanners may not keep it. */
export function scanChunks(
  format: FormatName,
  chunks: Iterable<Uint8Array>,
  options: Partial<ScanOptions> & Pick<ScanOptions, 'profile'>,
): Scanned {
  const sets: { set: ReadingSet; readings: Reading[] }[] = [];
  const scanner = createScanner(format, {
    now,
    onReadingSet: (set, readings) => sets.push({ set, readings: readings() }),
    ...options,
  });
  for (const chunk of chunks) {
    const copy = Uint8Array.from(chunk);
    scanner.push(copy);
    copy.fill(0x58);
  }
  return { ...scanner.end(), sets };
}

export function scan(format: FormatName, bytes: Uint8Array, profile: string): Scanned {
  return scanChunks(format, [bytes], { profile });
}

/** The bytes cut into chunks of the given sizes, again and again. */
export function* toChunks(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
