import type { Instant } from '../model/time.ts';
import type { Reading, ReadingSet } from './format.ts';

/**
 * What a format could not carry of the readings given to a writer (ruling 32). `rounded`, `flag` and `text` were
 * carried with a loss; all others were left out. `docs/formats.md` shows the same table.
 */
export const lossReasons = {
  unit: 'the format has no such unit',
  interval: 'the format has no such interval length',
  register: 'the format has no register reads',
  total: 'the format has no totals of a period',
  raw: 'the format is for validated data',
  missing: 'the format has no way to say that there is no value',
  negative: 'the format has no negative values',
  boundary: 'the end of the interval is not on a multiple of its length',
  overlap: 'another value of the same meter, unit and interval was given before',
  identity: 'the meter or account cannot be written in the format',
  purpose: 'the format cannot say what the reading is for, such as to cancel another one',
  magnitude:
    'the value has more digits before the point than the format holds, or its multiplier is too small',
  repeated: 'the format’s local time shows this instant twice, and nothing would tell which is meant',
  rounded: 'carried with fewer digits',
  flag: 'carried without its quality flag',
  text: 'carried, but a text beside it (party, account, purpose, reason) was cut or left out',
} as const;
export type LossReason = keyof typeof lossReasons;

/** Readings by what happened to them. */
export type Losses = Readonly<Partial<Record<LossReason, number>>>;

export interface WriteOptions {
  /** The dialect or layout of the target, from its table; the first of the table is the usual one. */
  readonly profile: string;
  /** The time that is written as the file's own; formats have no clock. */
  readonly now: Instant;
  /** Takes the file's bytes, piece by piece, in order. A piece is not changed afterwards. */
  readonly onBytes: (bytes: Uint8Array) => void;
}

export interface WriteResult {
  readonly bytes: number;
  /** Records as the target counts them: lines, 216-byte records, segments. */
  readonly records: number;
  /** Readings that are in the file. */
  readonly readings: number;
  readonly losses: Losses;
}

/**
 * Turns reading sets into a file of one format. Sets come grouped by account, meter and unit (the normal order of a
 * file); a writer keeps no more than the group that goes on, and the same sets always give the same bytes.
 */
export interface Writer {
  /** @throws `invalid-request` when the group is larger than the format or the writer's memory can hold */
  add(set: ReadingSet, readings: readonly Reading[]): void;
  /** Ends the file. Call once; after it the writer is used up. */
  end(): WriteResult;
}
