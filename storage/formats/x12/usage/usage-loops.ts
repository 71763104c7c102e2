import type { Instant } from '../../../model/time.ts';
import type { Quality, ReadingSet } from '../../format.ts';
import { type UnitCode, unitCodes } from '../codes.ts';

interface LoopHead {
  /** Meter, service delivery point, channel and commodity are this set's. */
  readonly set: ReadingSet;
  readonly unit: UnitCode;
  readonly isReceived: boolean;
  readonly startAt: Instant;
}

/** A loop of intervals that follow each other without a gap, all of them adjusted or none. */
export interface IntervalLoop extends LoopHead {
  readonly kind: 'interval';
  readonly isAdjusted: boolean;
  readonly multiplier: string;
  endAt: Instant;
  readonly values: string[];
  readonly qualities: Quality[];
}

/** What is known of one label of a period: its total, its two reads, or both. */
export interface PeriodRow {
  readonly label: string;
  /** `isMade` where it was not given but follows from the reads. */
  usage: { readonly value: string; readonly quality: Quality; readonly isMade: boolean } | undefined;
  reads:
    | { readonly values: readonly [string, string]; readonly qualities: readonly [Quality, Quality] }
    | undefined;
}

/** A cumulative loop: the totals and reads of one meter, unit and period. */
export interface PeriodLoop extends LoopHead {
  readonly kind: 'period';
  readonly endAt: Instant;
  /** Of the reads; empty until a register names one. */
  multiplier: string;
  rows: PeriodRow[];
}

export type UsageLoop = IntervalLoop | PeriodLoop;

/** The unit code of a unit as CMEP names it (register units end in `REG`), and the direction; undefined where none. */
export function findUnit(unit: string): { unit: UnitCode; isReceived: boolean } | undefined {
  const name = unit.replace(/REG$/, '');
  const code = unitCodes.find((candidate) => candidate.unit === name || candidate.received === name);
  return code === undefined ? undefined : { unit: code, isReceived: code.received === name };
}
