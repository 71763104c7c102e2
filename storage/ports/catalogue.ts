import type { AccountPauses } from './account-pauses.ts';
import type { Forwardings } from './forwardings.ts';
import type { Instances } from './instances.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Participants } from './participants.ts';
import type { Postings } from './postings.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Resources } from './resources.ts';
import type { Retention } from './retention.ts';
import type { Retrievals } from './retrievals.ts';
import type { RetrievePaces } from './retrieve-paces.ts';

/** One thing that is not as it must be; `mend` names what to do. */
export interface Finding {
  readonly invariant: string;
  readonly subject: string;
  readonly found: string;
}

/**
 * What is known: who may log in, what was posted where, who took it, what became of it at the ISO. What every
 * driver promises for each operation:
 *
 * - Whole: an operation is one transaction; it happens entirely or not at all, and no caller ever holds one open.
 * - Durable: when a writing operation has resolved, a power cut loses nothing of it.
 * - Not stale: a read sees every write that resolved before it began, of this and of other processes.
 * - Concurrent: any operation may be called at any time from any number of callers and processes; contention waits
 *   (asynchronously) and ends in `unavailable` after ten seconds.
 * - On record: every change appends an event in the same transaction (invariant 7); leases, paces and signs of life are
 *   no history.
 * - Absent: `find…` gives undefined; what must be there and is not rejects with `not-found`. No room is `storage-full`.
 */
export interface Catalogue {
  readonly participants: Participants;
  readonly mailboxes: Mailboxes;
  readonly postings: Postings;
  readonly retrievals: Retrievals;
  readonly forwardings: Forwardings;
  readonly resources: Resources;
  readonly reconciliation: Reconciliation;
  readonly retention: Retention;
  readonly accountPauses: AccountPauses;
  readonly retrievePaces: RetrievePaces;
  readonly instances: Instances;
  /** What in the rows alone contradicts the invariants; empty when nothing does. */
  findContradictions(): Promise<Finding[]>;
  /** Writes a consistent copy of the whole catalogue to a file that must not exist. */
  backup(path: string): Promise<void>;
  /** Ends the instance and closes. Operations after it reject. */
  close(): Promise<void>;
}
