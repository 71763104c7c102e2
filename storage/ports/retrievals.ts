import type { FileName } from '../model/file-name.ts';
import type { MailboxName, ParticipantName } from '../model/mailbox.ts';
import type { Sha256 } from '../model/sha256.ts';
import type { Instant } from '../model/time.ts';
import type { Coding } from './mailboxes.ts';
import type { Participant } from './participants.ts';

/** How a retrieval stands. `sent` means handed over, after which the client went on or ended in order (invariant 6). */
export type RetrievalState = 'open' | 'interrupted' | 'sent' | 'acknowledged';

export interface RetrievalOpening {
  readonly mailboxId: number;
  readonly name: FileName;
  readonly participant: Participant;
  /** What they logged in with: `certificate <fingerprint>` or `key <id>`. */
  readonly credential: string;
  /** The client's network address. */
  readonly address: string;
  readonly coding: 'identity' | Coding;
  /** Byte range on identity, end exclusive; undefined for the whole. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
}

export interface Retrieval {
  readonly id: number;
  readonly mailbox: MailboxName;
  readonly name: FileName;
  readonly participant: ParticipantName;
  readonly credential: string;
  readonly address: string;
  readonly coding: 'identity' | Coding;
  readonly rangeStart: number | null;
  readonly rangeEnd: number | null;
  readonly openedAt: Instant;
  readonly endedAt: Instant | null;
  readonly bytesSent: number | null;
  readonly state: RetrievalState;
  /** When the reader last said in a receipt that another digest had arrived. */
  readonly mismatchedAt: Instant | null;
}

/** The record of who took what (LOG-1, rulings 12 and 13). Opening and ending are two events. */
export interface Retrievals {
  /** Durable when resolved: call before the first byte of the body leaves. */
  openRetrieval(opening: RetrievalOpening): Promise<number>;
  /** Ends an open retrieval; ending one that is no longer open changes nothing. May be delayed by a moment. */
  endRetrieval(id: number, end: { bytesSent: number; isWhole: boolean }): Promise<void>;
  /** Marks what dead instances left open as `interrupted`; gives how many. */
  interruptRetrievals(deadInstances: readonly string[]): Promise<number>;
  /**
   * The client's own word that the file arrived with this digest. The right digest makes this reader's ended
   * retrievals of the file acknowledged, or, where none has ended yet, the open ones as soon as they end: a receipt
   * may overtake the record of the end. A wrong one is put on record too.
   *
   * @returns whether the digest was right
   * @throws `conflict` when this reader never retrieved the file
   */
  acknowledge(reader: Participant, mailboxId: number, name: FileName, sha256: Sha256): Promise<boolean>;
  /** Newest first, of one mailbox; `before` is an id, exclusive. */
  listRetrievals(
    mailboxId: number,
    page: { name: FileName | undefined; before: number | undefined; limit: number },
  ): Promise<{ retrievals: Retrieval[]; hasMore: boolean }>;
}
