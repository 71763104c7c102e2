import type { Instant } from '../model/time.ts';
import type { Transaction } from '../model/transaction.ts';

/** A file of the ISO's own list. */
export interface WalkedFile {
  readonly fileId: string;
  readonly name: string;
  readonly status: string;
  readonly records: number | null;
  readonly received: string;
}

/** One that no submission of ours is known by, as it was last seen. */
export interface Stranger extends WalkedFile {
  readonly account: string;
  readonly seenAt: Instant;
}

/** What the report on postings and the ISO's side is made from. */
export interface Reconciliation {
  /** Keeps what a whole walk of an account's list at the ISO showed. */
  recordWalk(account: string, files: readonly WalkedFile[]): Promise<void>;
  /** Transactions whose readings may lie in a time, in order, after one (exclusive). */
  listTransactions(page: {
    fromAt: Instant | undefined;
    toAt: Instant | undefined;
    after: number;
    limit: number;
  }): Promise<Transaction[]>;
  /** From when until when a posting has readings; undefined when it has none. */
  findSpan(transaction: Transaction): Promise<{ startAt: Instant; endAt: Instant } | undefined>;
  /**
   * For reading sets of a posting, by number from 0: the times of later corrections of the same meter, unit and channel
   * that are due to the ISO. The trade days that they touch went to the ISO as a whole with them (ruling 25).
   */
  listReplacing(transaction: Transaction): Promise<{ number: number; startAt: Instant; endAt: Instant }[]>;
  /** What the ISO's list showed that is not ours; after one of the page before. */
  listStrangers(page: {
    account: string | undefined;
    after: Pick<Stranger, 'account' | 'fileId'> | undefined;
    limit: number;
  }): Promise<Stranger[]>;
}
