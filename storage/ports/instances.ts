import type { Instant } from '../model/time.ts';

export type Program = 'server' | 'bridge' | 'ops';

/** Runs of programs. An instance is dead when it ended or was not seen for `instanceTimeoutMs`. */
export interface Instances {
  /** The instance this catalogue was opened as; every event carries it. */
  readonly instance: string;
  /** Says that this instance lives; called every few seconds. */
  heartbeat(): Promise<void>;
  /** The instances that are dead at `now`, of those that left something open. */
  listDeadInstances(now: Instant): Promise<string[]>;
  /** Takes a named lease until `untilAt`, or gives false when another living holder has it (ruling 2). */
  takeLease(name: string, untilAt: Instant): Promise<boolean>;
  /** Until when someone holds a lease; undefined when nobody does now. */
  findLeaseEnd(name: string): Promise<Instant | undefined>;
  /** Gives a lease back; one that is not ours is left alone. */
  releaseLease(name: string): Promise<void>;
  /** Ends a lease whoever holds it. Only where no holder can live, as in a copy of a store. */
  breakLease(name: string): Promise<void>;
}

/** How long an instance may stay unseen before it counts as dead, in milliseconds. */
export const instanceTimeoutMs = 30_000;
