import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';

/** Posts that follow one another this closely are one bout of posting. */
const pauseMs = 200;
const lookMs = 50;

/** Whether anybody posts at this moment, so that work that can wait does. */
export class PostingActivity {
  readonly #clock: Clock;
  #running = 0;
  #endedAt: Instant = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` as a post. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#endedAt = this.#clock.now();
    }
  }

  /** Whether no post has run for 200 ms. */
  isQuiet(): boolean {
    return this.#running === 0 && this.#clock.now() - this.#endedAt >= pauseMs;
  }

  /** Resolves as soon as it is quiet. */
  async whenQuiet(): Promise<void> {
    while (!this.isQuiet()) await delay(lookMs);
  }
}
