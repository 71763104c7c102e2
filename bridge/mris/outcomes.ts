import type { MeterReading } from '../../storage/formats/meter-data-xml/meter-data-format.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { UnrecognisedAnswer } from '../https/unrecognised.ts';
import type { BatchError } from './messages/batch-status.ts';
import type { MeterDataRequest } from './messages/request-meter-data.ts';

/** Which of MRI-S's three services. */
export type MrisService = 'submit' | 'status' | 'retrieve';

/** Nothing was accepted, for certain, or it was only asked: try again later, not before `waitMs` where it is there. */
interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
  /** As `Retry-After` says. */
  readonly waitMs?: number;
}

/** Too early for the acceptable use policy: nothing was accepted. `isSent` tells whether the ISO said so, or we did. */
interface RateLimited {
  readonly kind: 'rate-limited';
  readonly waitMs: number;
  readonly isSent: boolean;
}

/**
 * The account may not: HTTP 401, 403 or 404, "not authorized", "Invalid role and/or Entity list identifier". Nothing
 * was accepted; certificate, SC id or address are to be put right by a person.
 */
interface Denied {
  readonly kind: 'denied';
  readonly words: string;
}

/** The ISO's own words that it did not do it, such as "Signature validation status: false". Nothing was accepted. */
interface Refused {
  readonly kind: 'refused';
  readonly words: string;
}

/** An answer that is none of those known. After a submit the batch may be there. */
interface Unrecognised {
  readonly kind: 'unrecognised';
  readonly page: UnrecognisedAnswer<MrisService>;
}

/** What can come of each service besides its own outcomes. */
export type MrisTrouble = Unavailable | RateLimited | Denied | Refused | Unrecognised;

/**
 * What became of a submit.
 *
 * - `received`: the ISO gave a batch id. It means received, never valid
 * - `unknown`: it was sent, at least in part, and no answer tells. The ISO may hold it, without a batch id for us: look
 *   by `retrieveMeterData` for what was sent before anything is sent again. The same holds for `unrecognised`
 * - all others: certainly nothing was accepted
 */
export type SubmitOutcome =
  | { readonly kind: 'received'; readonly batchId: string; readonly words: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly waitMs?: number }
  | MrisTrouble;

/**
 * Where a batch stands.
 *
 * - `in-process`: ask again later; `status` is the ISO's word
 * - `success`: accepted. `errors` is empty, else the records that it names were not
 * - `error`: refused; records that `errors` does not name count as not accepted until a retrieve shows them
 * - `no-data-found`: the ISO knows no such batch of this user
 */
export type BatchStatusOutcome =
  | { readonly kind: 'in-process'; readonly status: string }
  | { readonly kind: 'success'; readonly errors: readonly BatchError[] }
  | { readonly kind: 'error'; readonly errors: readonly BatchError[] }
  | { readonly kind: 'no-data-found'; readonly words: string }
  | MrisTrouble;

/**
 * What the ISO holds. `readings`: in the ISO's order, units and values; a reading that stands twice in the very same
 * way is here once. `empty`: "No data found", or a document without readings.
 */
export type RetrieveOutcome =
  | { readonly kind: 'readings'; readonly readings: readonly MeterReading[] }
  | { readonly kind: 'empty' }
  | MrisTrouble;

/**
 * MRI-S for one ISO account behind one interface. What is to be expected of a system that is not ours comes back as an
 * outcome; only a mistake of the caller is thrown. Nothing is ever sent again by itself. Calls may overlap, but
 * retrieves wait for one another.
 */
export interface MrisClient {
  /**
   * Sends one batch, over a new connection.
   *
   * @param document a MeterData document in UTF-8, 1 to 14,999,999 bytes
   * @param deadlineAt after this instant, or `submitTimeoutMs` after the call if that is sooner, nothing more is sent
   *   and the call has returned; also when the process was stopped meanwhile, and also of what waited in the kernel
   *   (only where the process dies does the kernel go on for about two minutes)
   * @throws `invalid-request` for a document of another size: nothing was sent
   */
  submitMeterData(document: Uint8Array, deadlineAt: Instant): Promise<SubmitOutcome>;

  /** What became of a batch (RetrieveBatchValidationStatus). Not limited by the acceptable use policy. */
  batchStatus(batchId: string): Promise<BatchStatusOutcome>;

  /**
   * What the ISO holds (RetrieveMeterData), at most 200,000 records. Never early: before its time it is `rate-limited`
   * without a byte sent, and the recorded time holds for every process and account of the user. The caller holds the account's lease.
   *
   * @throws `invalid-request` for a request without resources or time
   */
  retrieveMeterData(request: MeterDataRequest): Promise<RetrieveOutcome>;

  /** Closes every connection; calls under way end as `unavailable` or `unknown`. */
  close(): Promise<void>;
}
