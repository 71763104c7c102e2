import type { FaultList } from '../fault-list.ts';
import type { ReadingSet, ScanOptions, SetAmounts } from '../format.ts';
import type { CheckCode } from './check-table.ts';

/**
 * The checks beyond syntax over one file, fed set by set in the order of the file. Exact while a file is grouped by
 * meter and unit; state is capped, and past the cap one fault says so (ruling 34).
 */
export class FileChecks {
  readonly options: ScanOptions;
  readonly faults: FaultList<CheckCode>;

  constructor(options: ScanOptions, faults: FaultList<CheckCode>) {
    this.options = options;
    this.faults = faults;
  }

  /**
   * Takes one reading set without error.
   *
   * @param stamps ends of the intervals (registers: of the reads; totals: of the period), minutes since 1970, as they
   *   stand in the record; `count` of them. Not kept after the call.
   */
  take(_set: ReadingSet, _stamps: ArrayLike<number>, _count: number, _amounts: SetAmounts): void {
    // The checks come with their own change.
  }

  /** Ends the file: reports what only shows at the end. Call once, before the faults are taken. */
  finish(): void {
    // The checks come with their own change.
  }
}
