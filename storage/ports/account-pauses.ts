import type { Way } from '../model/forwarding.ts';
import type { Instant } from '../model/time.ts';

/**
 * Until when accounts of the ISO are to be left alone because the ISO said so, for every bridge on this store, also
 * after a restart. It is pace, not history: no event tells of it.
 */
export interface AccountPauses {
  /** The end of the account's pause; undefined when there is none, or it is over. */
  findPauseEnd(account: string, way: Way): Promise<Instant | undefined>;
  /** Begins a pause, or makes it longer; never shorter. */
  pauseAccount(account: string, way: Way, untilAt: Instant): Promise<void>;
}
