export interface BackoffSettings {
  /** Delay after the first failure, in milliseconds, before jitter. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after a number of failures in a row, in milliseconds: doubling up to `maxMs`, of which a random
 * half is taken off, so that bridges that failed together do not come back together.
 *
 * @param failures from 1
 * @param random from 0 to below 1
 */
export function toBackoffMs(failures: number, { firstMs, maxMs }: BackoffSettings, random: number): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.round(fullMs * (1 - random / 2));
}

/**
 * When to ask again for a status, in milliseconds from now: the delays in turn, the last one for ever.
 *
 * @param polls how often it was asked for already
 * @param delaysMs at least one
 */
export function toFollowDelayMs(polls: number, delaysMs: readonly number[]): number {
  return delaysMs[Math.min(polls, delaysMs.length - 1)] ?? 0;
}
