import type { FormatName, ReadingSet, ScanResult, Summary } from '../formats/format.ts';
import type { FileName } from '../model/file-name.ts';
import type { ForwardingState, Way } from '../model/forwarding.ts';
import type { MailboxName, ParticipantName } from '../model/mailbox.ts';
import type { ReasonCode } from '../model/reason-code.ts';
import type { Sha256 } from '../model/sha256.ts';
import type { Instant } from '../model/time.ts';
import type { Transaction } from '../model/transaction.ts';
import type { FileKey, Root } from './file-store.ts';
import type { Mailbox } from './mailboxes.ts';
import type { Participant } from './participants.ts';

/** What a poster asks for, parsed and looked up. */
export interface PostingOrder {
  readonly postedBy: Participant;
  readonly mailboxes: readonly Mailbox[];
  /** Name the file came with; empty when none. */
  readonly originalName: string;
  readonly format: FormatName;
  readonly profile: string;
  /** Whether it holds complete billing periods (ruling 11). */
  readonly isComplete: boolean;
  readonly corrects: Transaction | null;
  readonly reasonCode: ReasonCode | null;
  readonly note: string;
  /** ISO account for pass-through of the ISO's own formats (ruling 25). */
  readonly isoAccount: { readonly name: string; readonly way: Way } | null;
  readonly idempotency: { readonly key: string; readonly requestSha256: Sha256 } | null;
}

/** Bytes that are durable in the file store, ready to become true. */
export interface DurableFile {
  readonly key: FileKey;
  readonly sha256: Sha256;
  readonly bytes: number;
}

export interface Posting {
  readonly transaction: Transaction;
  readonly postedAt: Instant;
  readonly postedBy: ParticipantName;
  readonly originalName: string;
  readonly format: FormatName;
  readonly profile: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly summary: Summary;
  readonly isComplete: boolean;
  readonly corrects: Transaction | null;
  readonly correctedBy: readonly Transaction[];
  readonly reasonCode: ReasonCode | null;
  readonly note: string;
  readonly files: readonly { mailbox: MailboxName; name: FileName }[];
  readonly forwardings: readonly { id: number; account: string; way: Way; state: ForwardingState }[];
}

export interface Refusal {
  readonly id: number;
  readonly refusedBy: ParticipantName;
  readonly refusedAt: Instant;
  readonly originalName: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly reason: string;
  readonly faultCounts: Readonly<Record<string, number>>;
}

/** The file of a posting as it was posted. */
export interface Source extends DurableFile {
  readonly format: FormatName;
  readonly profile: string;
  readonly originalName: string;
  readonly root: Root;
  /** Past its months of keeping: the bytes are gone. */
  readonly isDeleted: boolean;
}

/**
 * Postings. Everything that makes a posting true is one transaction: the posting, its mailbox files, reading sets,
 * derivation, forwardings and event. When `commitPosting` has resolved, a power cut loses nothing of it.
 */
export interface Postings {
  /** Begins a source whose reading sets are too many for one transaction. No claim: swept if never committed. */
  openSource(): Promise<number>;
  /** Adds reading sets to an open source; `firstNumber` counts on from 0. */
  addReadingSets(sourceId: number, firstNumber: number, sets: readonly ReadingSet[]): Promise<void>;
  /** Takes back an open source and all its reading sets, a few thousand a transaction. */
  dropSource(sourceId: number): Promise<void>;

  /** Sources that these instances left open; the sweep drops those of dead ones. */
  listOpenSources(instances: readonly string[]): Promise<number[]>;

  /**
   * Makes a durable file a posting. `sourceId` is an open source, or undefined when `sets` holds all reading sets.
   *
   * @returns the posting, and whether it is an earlier one of the same idempotency key (then nothing was added)
   * @throws `not-found` when `corrects` names no posting, `idempotency-mismatch` when the key was used for another
   *   request, `too-many-postings` when a name would lie too far ahead
   */
  commitPosting(
    order: PostingOrder,
    file: DurableFile,
    scanned: { summary: Summary; sourceId: number | undefined; sets: readonly ReadingSet[] },
  ): Promise<{ posting: Posting; isReplay: boolean }>;

  /** Keeps a refusal on record (ruling 14). */
  recordRefusal(
    order: Pick<PostingOrder, 'postedBy' | 'originalName'>,
    found: { bytes: number; sha256: Sha256; reason: string; scan: ScanResult | undefined },
  ): Promise<void>;

  findPosting(reader: Participant, transaction: Transaction): Promise<Posting | undefined>;
  /** Newest first; a program sees its own, staff see all. `before` is exclusive. */
  listPostings(
    reader: Participant,
    page: { before: Transaction | undefined; limit: number },
  ): Promise<{ postings: Posting[]; hasMore: boolean }>;
  listRefusals(reader: Participant, limit: number): Promise<Refusal[]>;

  /** Source bytes and reading sets of a posting, for conversion by the bridge. */
  getSource(transaction: Transaction): Promise<Source>;

  /**
   * Leaves the next `count` transaction numbers out for good: after a restore they may have reached the ISO already,
   * as parts of names there (ruling 26).
   *
   * @returns the last number left out
   */
  skipTransactions(count: number): Promise<Transaction>;
}
