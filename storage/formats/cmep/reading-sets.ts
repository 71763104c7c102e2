import { minuteMs } from '../../model/time.ts';
import type { Quality, Reading, ReadingSet } from '../format.ts';
import type { CmepRecord } from './fields/record.ts';
import type { HeaderCheck } from './header.ts';
import type { IntervalRecordCheck } from './interval-record.ts';
import type { TouRecordCheck } from './tou-record.ts';
import { qualities, type Triplets } from './triplets.ts';
import { isRegisterUnit } from './units.ts';

type OwnPart = Pick<
  ReadingSet,
  'channel' | 'measure' | 'multiplier' | 'intervalMinutes' | 'periodStartAt' | 'periodEndAt' | 'readings'
>;

/** The reading set of a MEPMD01 record without error. */
export function toIntervalSet(
  record: CmepRecord,
  header: HeaderCheck,
  interval: IntervalRecordCheck,
  triplets: Triplets,
): ReadingSet {
  const { stamps, count } = triplets;
  const first = stamps[0] as number;
  const isRegister = isRegisterUnit(header.unit);
  const start = isRegister ? first : interval.toStart(first);
  const hasLength = !isRegister && interval.step.months === 0;
  const own = {
    channel: header.identity.channel,
    measure: isRegister ? ('register' as const) : ('interval' as const),
    multiplier: interval.multiplier,
    intervalMinutes: hasLength ? interval.step.minutes : 0,
    // A step of months back from the 29th or later has no certain start: then the first end stands for it.
    periodStartAt: (Number.isNaN(start) ? first : start) * minuteMs,
    periodEndAt: (stamps[count - 1] as number) * minuteMs,
    readings: count,
  };
  return toSet(record, header, own, triplets.totals);
}

/** The readings of a MEPMD01 record without error. */
export function toIntervalReadings(record: CmepRecord, triplets: Triplets): Reading[] {
  const line = record.bytes.toString('latin1', record.start, record.end);
  const readings = new Array<Reading>(triplets.count);
  for (let index = 0; index < triplets.count; index++) {
    readings[index] = {
      endAt: (triplets.stamps[index] as number) * minuteMs,
      value: triplets.valueText(record, index, line),
      quality: qualityAt(triplets, index),
    };
  }
  return readings;
}

/** The reading set of one label of a MEPMD02 record without error, and its one reading. */
export function toTouSet(
  record: CmepRecord,
  header: HeaderCheck,
  tou: TouRecordCheck,
  triplets: Triplets,
  index: number,
): { set: ReadingSet; reading: Reading } {
  const label = tou.labels[index] as string;
  const quality = qualityAt(triplets, index);
  const endAt = tou.endMinutes * minuteMs;
  const own = {
    channel: tou.season === '' ? label : `${tou.season}:${label}`,
    measure: 'total' as const,
    multiplier: tou.multiplier,
    intervalMinutes: 0,
    periodStartAt: tou.startMinutes * minuteMs,
    periodEndAt: endAt,
    readings: 1,
  };
  const totals = qualities.map((one) => Number(one === quality));
  const reading = { endAt, value: triplets.valueText(record, index), quality };
  return { set: toSet(record, header, own, totals), reading };
}

function qualityAt(triplets: Triplets, index: number): Quality {
  return qualities[triplets.qualities[index] as number] as Quality;
}

/** @param totals readings of each quality, in the order of {@link qualities} */
function toSet(record: CmepRecord, header: HeaderCheck, own: OwnPart, totals: ArrayLike<number>): ReadingSet {
  const { identity } = header;
  // Written out, not spread: this runs once a record, and a spread costs as much as checking the header.
  return {
    line: record.line,
    byteStart: record.fileOffset + record.start,
    byteEnd: record.fileOffset + record.next,
    sender: header.sender,
    receiver: identity.receiver,
    receiverField: header.receiver,
    account: identity.account,
    senderAccount: header.senderAccount,
    receiverAccount: header.receiverAccount,
    sdp: identity.sdp,
    meter: identity.meter,
    commodity: header.commodity,
    unit: header.unit,
    channel: own.channel,
    measure: own.measure,
    purpose: header.purpose,
    multiplier: own.multiplier,
    intervalMinutes: own.intervalMinutes,
    periodStartAt: own.periodStartAt,
    periodEndAt: own.periodEndAt,
    readings: own.readings,
    estimated: totals[1] as number,
    adjusted: totals[2] as number,
    raw: totals[3] as number,
    missing: totals[4] as number,
    createdAt: header.createdMinutes * minuteMs,
    externalReference: '',
    correctsReference: '',
    reason: '',
  };
}
