import type { Instant } from '../model/time.ts';

/** What time it is. Handed to everything that asks, so that tests own it. */
export interface Clock {
  now(): Instant;
}

/** The machine's clock: the only place, beside process entries, that reads it. */
export const systemClock: Clock = { now: () => Date.now() };
