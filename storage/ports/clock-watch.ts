import type { Instant } from '../model/time.ts';

/**
 * How the machine's clock stands to the true time (OPS-4, ruling 36).
 *
 * - `unwatched`: no source of the true time is configured
 * - `unmeasurable`: the source does not tell; work goes on, with a warning
 * - `good`: within the limit
 * - `off`: beyond it; nothing is posted and nothing submitted until a measurement says otherwise
 */
export interface ClockState {
  readonly kind: 'unwatched' | 'unmeasurable' | 'good' | 'off';
  /** How far the clock is ahead of the true time, in milliseconds; behind when negative. Null: not known. */
  readonly offsetMs: number | null;
  readonly measuredAt: Instant | null;
  /** For people: what was found. */
  readonly words: string;
}

/** What knows whether the clock may be relied on. */
export interface ClockWatch {
  state(): ClockState;
  /**
   * @param action what is to be done, for the message: `Cannot post`
   * @throws `unavailable` with the reason, while the clock is off
   */
  demand(action: string): void;
}
