import type { Clock } from '../ports/clock.ts';
import type { Database } from './database.ts';

/** What every operation works with. */
export interface Context {
  readonly database: Database;
  readonly clock: Clock;
  /** The instance this catalogue was opened as. */
  readonly instance: string;
}
