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
 * Where it is kept when an account may retrieve again. The rule counts per user at the ISO, so there is one such
 * instant for each account, across processes and restarts; who calls the client holds the account's lease meanwhile.
 */
export interface RetrievePace {
  /** The instant recorded last; undefined when there was none. */
  findNextRetrieveAt(): Promise<Instant | undefined>;
  /** Durable when it resolves. Replaces the one before, also by an earlier one. */
  recordNextRetrieveAt(at: Instant): Promise<void>;
}
