import type { Instant } from '../../../model/time.ts';
import type { Quality } from '../../format.ts';
import type { LoopKind, UnitCode } from '../codes.ts';
import type { SegmentPlace } from '../segment.ts';

/** A local time as it stands: the instants that it may mean. */
export interface Moment {
  readonly instants: readonly Instant[];
  readonly place: SegmentPlace;
  readonly text: string;
}

/** A row of usage of a cumulative loop: MEA with PRQ. */
export interface UsageRow {
  /** Season and label, as CMEP's channel. */
  readonly label: string;
  readonly usage: string;
  /** Empty where the row gives none. */
  readonly beginRead: string;
  readonly endRead: string;
  readonly beginQuality: Quality;
  readonly endQuality: Quality;
  readonly place: SegmentPlace;
}

/** What a PTD loop says. Its quantities lie in the value store of the set, from `firstValue` on. */
export interface MeterLoop {
  readonly place: SegmentPlace;
  readonly byteStart: number;
  byteEnd: number;
  readonly kind: LoopKind;
  readonly commodity: string;
  start: Moment | undefined;
  end: Moment | undefined;
  /** Whether a date was there and faulty. */
  hasBadDate: boolean;
  /** Whether a reference was there and faulty. */
  hasBadReference: boolean;
  meter: string;
  sdp: string;
  channel: string;
  reason: string;
  dials: number;
  multiplier: string;
  unit: UnitCode | undefined;
  /** Length of an interval; 0 for a whole period. */
  minutes: number;
  isReceived: boolean;
  readonly rows: UsageRow[];
  readonly firstValue: number;
  values: number;
  /** Quantities of each quality, and what they add up to. */
  totals: readonly number[];
  sum: number;
  first: number;
  last: number;
  startAt: Instant;
  endAt: Instant;
}

export function createMeterLoop(
  place: SegmentPlace,
  kind: LoopKind,
  commodity: string,
  firstValue: number,
): MeterLoop {
  return {
    place,
    byteStart: place.byteOffset,
    byteEnd: place.byteOffset,
    kind,
    commodity,
    start: undefined,
    end: undefined,
    hasBadDate: false,
    hasBadReference: false,
    meter: '',
    sdp: '',
    channel: '',
    reason: '',
    dials: 0,
    multiplier: '',
    unit: undefined,
    minutes: -1,
    isReceived: false,
    rows: [],
    firstValue,
    values: 0,
    totals: [],
    sum: 0,
    first: Number.NaN,
    last: Number.NaN,
    startAt: 0,
    endAt: 0,
  };
}
