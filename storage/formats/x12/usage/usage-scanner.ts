import type { Scanner, ScanOptions } from '../../format.ts';
import { getX12Profile } from '../profiles.ts';
import type { EnvelopeObserver } from '../set-reader.ts';
import { X12Scanner } from '../x12-scanner.ts';
import { UsageSets } from './usage-sets.ts';

export interface UsageScanOptions extends ScanOptions {
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
export function createUsageScanner(options: UsageScanOptions): Scanner {
  const profile = getX12Profile(options.profile);
  return new X12Scanner('x12-867', profile, options, (context) => new UsageSets(context), options.observer);
}
