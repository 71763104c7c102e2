import type { Instant } from '../../storage/model/time.ts';

/**
 * How far apart two retrieves of one user are kept. The ISO takes one in 30 seconds, and each one that is early begins
 * the 30 seconds anew (Technology User Group, 4 February 2020); the second on top is for clocks that run unevenly.
 */
export const retrieveSpacingMs = 31_000;

/** The first instant at which the ISO takes the next retrieve, after one that reached it at `reachedAt` or earlier. */
export function toNextRetrieveAt(reachedAt: Instant): Instant {
  return reachedAt + retrieveSpacingMs;
}

/**
 * Where it is kept when a user may retrieve again: one instant for each user, across accounts, processes and restarts.
 */
export interface RetrievePace {
  /**
   * Takes the next retrieve, so that nobody else gets one before `untilAt`; durable when it resolves.
   *
   * @returns undefined when it is ours; else the first instant at which there may be one, and nothing has changed
   */
  takeRetrieve(now: Instant, untilAt: Instant): Promise<Instant | undefined>;
  /** Replaces the `untilAt` of our retrieve, also by an earlier instant; never shortens what another took since. */
  settleRetrieve(untilAt: Instant, nextAt: Instant): Promise<void>;
}
