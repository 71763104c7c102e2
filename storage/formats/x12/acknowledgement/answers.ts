import type { Result } from './answer-codes.ts';

/** What a 997 says of one element of a segment in error. */
interface ElementAnswer {
  /** From 1; with a component as `3:1`, as it stands. */
  readonly position: string;
  readonly dataElement: string;
  readonly problem: string;
  /** The bad element, where it is given. */
  readonly text: string;
}

export interface SegmentAnswer {
  readonly segmentId: string;
  /** From 1, the ST. */
  readonly position: number;
  readonly problem: string;
  readonly elements: ElementAnswer[];
}

/** The answer to one transaction set of ours, named by the control number in its ST. */
export interface SetAnswer {
  readonly setId: string;
  readonly controlNumber: string;
  result: Result;
  problems: readonly string[];
  readonly segments: SegmentAnswer[];
}

/** The answer to a functional group of ours, named by the control number in its GS. */
export interface GroupAnswer {
  /** Segment of its AK1 in the file. */
  readonly line: number;
  /** Who answers, and whom (GS02 and GS03 of the answer). */
  readonly sender: string;
  readonly receiver: string;
  readonly functionalId: string;
  readonly controlNumber: string;
  result: Result;
  claimed: number;
  received: number;
  accepted: number;
  problems: readonly string[];
  readonly sets: SetAnswer[];
}
