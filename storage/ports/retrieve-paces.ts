import type { Instant } from '../model/time.ts';

/**
 * When each of the ISO's accounts at MRI-S may retrieve again, for every bridge on this store. Who asks and records
 * holds the account's lease. It is pace, not history: no event tells of it.
 */
export interface RetrievePaces {
  /** The instant recorded last for the account; undefined when there was none. */
  findNextRetrieveAt(account: string): Promise<Instant | undefined>;
  /** Replaces the one before, also by an earlier one. */
  recordNextRetrieveAt(account: string, at: Instant): Promise<void>;
}
