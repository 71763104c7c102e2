import type { FileName } from '../model/file-name.ts';
import type { MailboxName } from '../model/mailbox.ts';
import type { Sha256 } from '../model/sha256.ts';
import type { Instant } from '../model/time.ts';
import type { Transaction } from '../model/transaction.ts';
import type { FileKey, Root } from './file-store.ts';
import type { CodedFile } from './mailboxes.ts';

/** Lease of whatever moves or removes files: held while ageing runs, and by a backup to keep it from running. */
export const retentionLease = 'retention';

/** A file whose bytes are to move or go. */
export interface AgeingFile {
  readonly id: number;
  readonly key: FileKey;
  readonly root: Root;
  readonly bytes: number;
  readonly codings: readonly CodedFile[];
}

export interface LeavingFile {
  readonly mailboxId: number;
  readonly mailbox: MailboxName;
  readonly name: FileName;
  readonly transaction: Transaction;
  readonly leavesAt: Instant;
}

/**
 * Ageing (MBX-5, ruling 6). A mailbox file leaves the directory when its days are over; a file's bytes move to the
 * archive root when no mailbox shows it any more, and go when 36 months have passed and nothing holds it.
 */
export interface Retention {
  /** Mailbox files on line past their `leavesAt`, oldest first. */
  listLeavingFiles(now: Instant, limit: number): Promise<LeavingFile[]>;
  /** Takes a mailbox file out of the directory, on record. */
  archiveMailboxFile(mailboxId: number, name: FileName): Promise<void>;
  /** Files in the on-line root that are past their days, that no mailbox shows and no forwarding still needs. */
  listFilesToArchive(now: Instant, limit: number): Promise<AgeingFile[]>;
  /** Says that the bytes lie in the archive root now, on record; their codings are dropped. */
  recordFileArchived(fileId: number): Promise<void>;
  /** Files whose 36 months have passed at `now`, that no mailbox shows, no forwarding needs and nothing holds. */
  listFilesToDelete(now: Instant, limit: number): Promise<AgeingFile[]>;
  /**
   * Keeps the bytes of a posting beyond their 36 months, or no longer, on record with who and why.
   *
   * @throws `not-found` without such a posting, `conflict` when its bytes are gone
   */
  setFileHold(transaction: Transaction, isHeld: boolean, by: string, reason: string): Promise<void>;
  /** Says that the bytes are to go, on record, before they go (invariant 2). */
  recordFileDeleted(fileId: number): Promise<void>;

  /**
   * Whether bytes under a key are any row's: left behind are those of deleted files, of dropped codings, and the
   * on-line original of an archived file. In the archive root a copy that is just being made counts as known.
   */
  isKnownKey(root: Root, key: FileKey): Promise<boolean>;
  /** Files in mailboxes that were not compressed yet, newest first. */
  listFilesToCode(limit: number): Promise<AgeingFile[]>;
  /**
   * Adds what was compressed; an empty list says that compressing does not pay. Gives false, and adds nothing, when
   * the file has left the on-line root or was compressed by another: then the compressed bytes are to be removed.
   */
  recordCodings(fileId: number, codings: readonly CodedFile[]): Promise<boolean>;
  /** Every file row with bytes, in rising id, `limit` a page: for `check`. */
  listFiles(after: number, limit: number): Promise<(AgeingFile & { sha256: Sha256 })[]>;
}
