import { toInvalid } from '../model/errors.ts';
import type { Instant } from '../model/time.ts';

declare const brand: unique symbol;

/** Where a file's bytes lie in a store: `<ccyymmdd>/<random>`, chosen by us, unrelated to any name people see. */
export type FileKey = string & { readonly [brand]: 'FileKey' };

/** `on-line` holds what mailboxes show; `archive` is a second root, possibly on other disks (ruling 8). */
export type Root = 'on-line' | 'archive';

/** A key of the day of `now`. `random` is at least 96 bits of hexadecimal digits, different at every call. */
export function toFileKey(now: Instant, random: string): FileKey {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}/${random}` as FileKey;
}

/** Whether the text is a key; nothing that could leave the store is one. */
export function isFileKey(text: string): text is FileKey {
  return /^\d{8}\/[0-9a-f]{24,64}(\.(zstd|gzip))?$/.test(text);
}

/** A key read back from the catalogue. */
export function parseFileKey(text: string): FileKey {
  if (!isFileKey(text)) {
    throw toInvalid('Cannot read file key', {
      at: 'key',
      value: text,
      expected: '<ccyymmdd>/<hexadecimal digits>',
    });
  }
  return text;
}

/** A file being written. Nobody can open it until `finish` has resolved. One writer calls one method at a time. */
export interface FileWriter {
  /** Takes the next bytes and keeps them for a while: `chunk` must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** Makes the file durable and readable under its key. Rejects with `storage-full` when there is no room. */
  finish(): Promise<void>;
  /** Gives up and removes what was written. Safe to call after any failure, and twice. */
  discard(): Promise<void>;
}

/** An open file. Its bytes never change. */
export interface StoredFile {
  /** Fills `into` from `position` on; gives how many bytes were read, fewer only at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

export interface FileEntry {
  readonly key: FileKey;
  readonly bytes: number;
  readonly changedAt: Instant;
  /** Still being written, or left behind by a writer that died. */
  readonly isPartial: boolean;
}

/**
 * Keeps bytes under keys. What every driver promises:
 *
 * - Durable: when `finish` or `copy` has resolved, a power cut loses nothing of it; when `remove` has, the file does
 *   not come back.
 * - Once written, never changed: writing under a key that exists rejects with `conflict`, when `finish` is called or
 *   before; nothing overwrites. So does writing or copying what another writer has begun, until that is removed.
 * - Not stale: what `finish` made is seen by the next `open`, in this process and in others.
 * - Concurrent: every method may be called at any time from any number of callers and processes.
 * - Absent: `open` rejects with `not-found`; `remove` of an absent key succeeds.
 * - No retries inside: a failure is the caller's to judge. No room is `storage-full`.
 */
export interface FileStore {
  create(key: FileKey): Promise<FileWriter>;
  open(root: Root, key: FileKey): Promise<StoredFile>;
  /**
   * Copies to the other root; an identical copy already there is success. The original stays, and may be removed: a
   * place in the other root that is the very same file is refused.
   */
  copy(key: FileKey, from: Root, to: Root): Promise<void>;
  remove(root: Root, key: FileKey): Promise<void>;
  /** Removes what a writer that died left behind under this key (`isPartial`); a finished file of it stays. */
  removePartial(root: Root, key: FileKey): Promise<void>;
  /**
   * Every file of a root, in no order. May miss or show what is being written or removed meanwhile. What others put
   * beside the files of the store is not listed.
   */
  list(root: Root): AsyncIterable<FileEntry>;
  /** Bytes that can still be written to the on-line root by this process. */
  freeBytes(): Promise<number>;
}
