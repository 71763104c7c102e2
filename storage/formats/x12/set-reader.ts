import type { FileChecks } from '../checks/file-checks.ts';
import type { FaultList } from '../fault-list.ts';
import type { ScanOptions } from '../format.ts';
import type { SummaryTally } from '../summary-tally.ts';
import type { X12FaultCode } from './faults.ts';
import type { Isa } from './isa.ts';
import type { X12Profile } from './profiles.ts';
import type { Segment, SetError } from './segment.ts';

/** The functional group that a segment stands in. */
export interface Group {
  readonly functionalId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly controlNumber: string;
}

/** What a kind of transaction set does with its segments. One object serves a whole file. */
export interface SetReader {
  readonly setId: string;
  readonly functionalId: string;
  begin(group: Group, isa: Isa): void;
  take(segment: Segment): void;
  /** The SE, checked; `isGood` when the set has no error. */
  end(segment: Segment, isGood: boolean): void;
  /** Takes plain segments where they lie; gives where the next one starts, and how many there were in `runCount`. */
  takeRun(bytes: Buffer, at: number): number;
  runCount: number;
  /** The end of the file. */
  finish(faults: FaultList<X12FaultCode>): void;
}

/** Is told what an interchange holds, for its acknowledgement. */
export interface EnvelopeObserver {
  onInterchange(isa: Isa): void;
  onGroup(group: Group): void;
  onSet(setId: string, controlNumber: string): void;
  onSetError(error: SetError): void;
  /** The set is over, whether its SE was there or not. */
  onSetEnd(isGood: boolean, hasWarnings: boolean): void;
  onGroupEnd(claimedSets: number): void;
}

/** What the readers of both kinds of set are given. */
export interface SetContext {
  readonly profile: X12Profile;
  readonly options: ScanOptions;
  readonly tally: SummaryTally;
  readonly checks: FileChecks;
  readonly segment: Segment;
}
