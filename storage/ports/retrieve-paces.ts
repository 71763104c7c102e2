import type { Instant } from '../model/time.ts';

/**
 * When each user of MRI-S may retrieve again, for every account and every bridge on this store. It is pace, not
 * history: no event tells of it.
 */
export interface RetrievePaces {
  /**
   * Takes the next retrieve of a user; until `untilAt` nobody else gets one. Of all who ask at once one gets it.
   *
   * @returns undefined when it is ours; else the first instant at which there may be one, and nothing has changed
   */
  takeRetrieve(user: string, now: Instant, untilAt: Instant): Promise<Instant | undefined>;
  /**
   * Replaces the `untilAt` of our retrieve, also by an earlier instant. Once somebody else has taken the next one, what
   * they recorded is never shortened.
   */
  settleRetrieve(user: string, untilAt: Instant, nextAt: Instant): Promise<void>;
}
