import type { FileKey } from '../../storage/ports/file-store.ts';

/** Files up to this size go out in one piece, which is what small files are fastest with. */
export const smallBytes = 256 * 1024;

const maxKeptBytes = 16 * 1024 * 1024;

/**
 * The small files that were sent last, kept because a posting is mostly fetched by two or three parties within
 * minutes. What a key holds never changes, and whoever asks here was entitled by the catalogue before.
 */
export class FileCache {
  /** In the order of their last use. */
  readonly #kept = new Map<FileKey, Buffer>();
  #keptBytes = 0;

  find(key: FileKey): Buffer | undefined {
    const bytes = this.#kept.get(key);
    if (bytes === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, bytes);
    return bytes;
  }

  /** Keeps a whole file of at most `smallBytes`; nobody changes `bytes` after this. */
  keep(key: FileKey, bytes: Buffer): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= maxKeptBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}
