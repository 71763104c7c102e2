import type { CheckLevels } from '../formats/checks/check-levels.ts';
import type { FileName } from '../model/file-name.ts';
import type { MailboxName, ParticipantName } from '../model/mailbox.ts';
import type { ReasonCode } from '../model/reason-code.ts';
import type { Sha256 } from '../model/sha256.ts';
import type { Instant } from '../model/time.ts';
import type { Transaction } from '../model/transaction.ts';
import type { FileKey, Root } from './file-store.ts';
import type { Participant } from './participants.ts';

export interface Mailbox {
  readonly id: number;
  readonly name: MailboxName;
  readonly owner: ParticipantName;
  /** IANA name; never changes (ruling 7). */
  readonly zone: string;
  /** Dialect in which postings to it are read unless the posting names another. */
  readonly profile: string;
  readonly onLineDays: number;
  /** Whether raw data may be posted to it, by agreement (ruling 10). */
  readonly allowsRaw: boolean;
  /** Levels of the checks beyond syntax, where they are not the table's own. */
  readonly levels: CheckLevels;
  /** Receivers that files in it may name; none: any. */
  readonly receivers: readonly string[];
  /** Whether readings that are due to the ISO and not mapped are refused (ruling 24). */
  readonly demandsMapping: boolean;
}

/** What may change of a mailbox; its name, owner and zone never do. */
export type MailboxChange = Partial<Omit<Mailbox, 'id' | 'name' | 'owner' | 'zone'>>;

/** A daily file as the directory shows it. */
export interface MailboxFile {
  readonly name: FileName;
  readonly transaction: Transaction;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly records: number;
  readonly postedAt: Instant;
  /** Higher than that of every earlier change in the mailbox, so that a cursor misses none. */
  readonly changedAt: Instant;
  readonly corrects: Transaction | null;
  readonly reasonCode: ReasonCode | null;
  readonly leavesAt: Instant;
  readonly archivedAt: Instant | null;
  readonly firstRetrievedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
}

export type Coding = 'gzip' | 'zstd';

export interface CodedFile {
  readonly coding: Coding;
  readonly key: FileKey;
  readonly sha256: Sha256;
  readonly bytes: number;
}

/** Everything needed to send a daily file. */
export interface ServableFile {
  readonly name: FileName;
  readonly key: FileKey;
  readonly root: Root;
  readonly sha256: Sha256;
  readonly bytes: number;
  readonly postedAt: Instant;
  readonly archivedAt: Instant | null;
  readonly codings: readonly CodedFile[];
}

export type FilePage = { readonly files: readonly MailboxFile[]; readonly hasMore: boolean };

/** Mailboxes and their directories. Reads see every posting that was acknowledged before they began. */
export interface Mailboxes {
  /** Rejects with `conflict` when the name is taken, `not-found` without such an owner. */
  addMailbox(input: Omit<Mailbox, 'id'>): Promise<Mailbox>;
  /** Changes a mailbox, for files posted from then on; on record unless nothing changes. Rejects with `not-found`. */
  changeMailbox(name: MailboxName, change: MailboxChange): Promise<Mailbox>;
  /** The mailboxes `reader` may read, by name, after `after`: its own; staff: all. Without a limit every one. */
  listMailboxes(
    reader: Participant,
    page?: { after?: MailboxName | undefined; limit?: number | undefined },
  ): Promise<{ readonly mailboxes: readonly Mailbox[]; readonly hasMore: boolean }>;
  /** The mailbox when `reader` may read it; "not yours" and "not there" are one answer, in one query (ruling 18). */
  findMailbox(reader: Participant, name: MailboxName): Promise<Mailbox | undefined>;
  /** Mailboxes by name, for posting; rejects with `not-found` naming all that are unknown. */
  getMailboxes(names: readonly MailboxName[]): Promise<Mailbox[]>;
  /** On-line files with names after `after`, rising. */
  listFiles(mailboxId: number, page: { after: FileName | undefined; limit: number }): Promise<FilePage>;
  /** Files created or changed at or after `since`, by (`changedAt`, name), after the cursor; archived ones included. */
  listChangedFiles(
    mailboxId: number,
    page: { since: Instant; after: { changedAt: Instant; name: FileName } | undefined; limit: number },
  ): Promise<FilePage>;
  findFile(mailboxId: number, name: FileName): Promise<ServableFile | undefined>;
}
