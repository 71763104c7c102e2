import type { Scanner, ScanOptions } from '../../format.ts';
import { getX12Profile, type X12Profile } from '../profiles.ts';
import type { EnvelopeObserver } from '../set-reader.ts';
import { X12Scanner } from '../x12-scanner.ts';
import { UsageSets } from './usage-sets.ts';

/** What beside the options of every scanner may be given. */
export interface UsageScanExtras {
  /** In place of the profile of the name in the options: a partner that is not in the table. */
  readonly profile?: X12Profile;
  /** Is told what every set was found to be, for its acknowledgement. */
  readonly observer?: EnvelopeObserver;
}

/**
 * A scanner for X12 867 (004010), product transfer and resale report, by the rules of a partner profile. Lines are
 * segments, counted from the first ISA. A set's byte range is its PTD loop's. Nothing is given out of a transaction set
 * before its SE, and nothing at all out of one with an error.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createUsageScanner(options: ScanOptions, extras: UsageScanExtras = {}): Scanner {
  const profile = extras.profile ?? getX12Profile(options.profile);
  return new X12Scanner('x12-867', profile, options, (context) => new UsageSets(context), extras.observer);
}
