import { minuteMs } from '../../../model/time.ts';
import type { Measure, Quality, Reading, ReadingSet, SetAmounts } from '../../format.ts';
import { reasonCodes, totalLabel, unknownAdjustment } from '../codes.ts';
import { toAmount } from '../numbers.ts';
import type { UsageHeader } from './header.ts';
import type { MeterLoop, UsageRow } from './meter-loop.ts';
import { qualities } from './quantity-run.ts';
import type { ValueStore } from './value-store.ts';

/** Meter of every loop without one, as CMEP names it. */
const unmetered = 'UNMETERED';

/** One reading set of a loop, and what the checks of the file need of it. */
export interface LoopSet {
  readonly set: ReadingSet;
  readonly toReadings: () => Reading[];
  readonly amounts: SetAmounts;
}

type OwnPart = Pick<ReadingSet, 'channel' | 'measure' | 'purpose' | 'multiplier' | 'unit'> & {
  readonly totals: ArrayLike<number>;
  readonly readings: number;
};

/**
 * Whether the reason in the loop says that its values were adjusted (edi867 facts, section 5.9). One that is not in the
 * table does: it must not be taken for validated.
 */
function isAdjusted({ reason }: MeterLoop): boolean {
  if (reason === '') return false;
  return Object.hasOwn(reasonCodes, reason) ? reasonCodes[reason]?.isAdjustment === true : true;
}

function toAdjusted(quality: Quality, loop: MeterLoop): Quality {
  return isAdjusted(loop) && quality !== 'missing' ? 'adjusted' : quality;
}

/** The reading set of an interval loop: one, with its values in the store. */
export function toIntervalSet(loop: MeterLoop, header: UsageHeader, store: ValueStore): LoopSet {
  const { firstValue, minutes, startAt, values } = loop;
  const [validated = 0, estimated = 0, adjusted = 0, raw = 0, missing = 0] = loop.totals;
  const all = isAdjusted(loop) ? [0, 0, validated + estimated + adjusted, raw, missing] : loop.totals;
  const own: OwnPart = {
    channel: loop.channel,
    measure: 'interval',
    purpose: header.purpose?.purpose ?? '',
    multiplier: loop.multiplier || '1',
    unit: toUnit(loop),
    totals: all,
    readings: values,
  };
  const toReadings = () =>
    Array.from({ length: values }, (_, index) => ({
      endAt: startAt + (index + 1) * minutes * minuteMs,
      value: store.valueText(firstValue + index),
      quality: toAdjusted(qualities[store.qualities[firstValue + index] as number] as Quality, loop),
    }));
  const { sum, first, last } = loop;
  return { set: toSet(loop, header, own), toReadings, amounts: { sum, first, last } };
}

/**
 * The reading sets of a cumulative loop: for each row of usage its total (purpose OK becomes SUMMARY: it is calculated
 * from the reads) and, where the row gives them, its two reads as a register; the quantity itself where no total row
 * says the same.
 */
export function toCumulativeSets(loop: MeterLoop, header: UsageHeader, store: ValueStore): LoopSet[] {
  const quantity = store.valueText(loop.firstValue);
  const quality = qualities[store.qualities[loop.firstValue] as number] as Quality;
  const sets: LoopSet[] = [];
  for (const row of loop.rows) {
    const isEstimated = row.beginQuality === 'estimated' || row.endQuality === 'estimated';
    const reads = isEstimated ? 'estimated' : 'validated';
    const own = row.label === totalLabel && quality !== 'validated' ? quality : reads;
    sets.push(toTotalSet(loop, header, row.label, row.usage, toAdjusted(own, loop)));
    if (row.beginRead !== '') sets.push(toRegisterSet(loop, header, row));
  }
  if (!loop.rows.some(({ label }) => label === totalLabel))
    sets.unshift(toTotalSet(loop, header, totalLabel, quantity, toAdjusted(quality, loop)));
  return sets;
}

function toTotalSet(
  loop: MeterLoop,
  header: UsageHeader,
  label: string,
  text: string,
  quality: Quality,
): LoopSet {
  const purpose = header.purpose?.purpose ?? '';
  const value = quality === 'missing' ? '' : text;
  const own: OwnPart = {
    channel: label,
    measure: 'total',
    purpose: purpose === 'OK' ? 'SUMMARY' : purpose,
    multiplier: '1',
    unit: toUnit(loop),
    totals: toTotals(quality),
    readings: 1,
  };
  const amount = value === '' ? Number.NaN : toAmount(value);
  return {
    set: toSet(loop, header, own),
    toReadings: () => [{ endAt: loop.endAt, value, quality }],
    amounts: { sum: value === '' ? 0 : amount, first: amount, last: amount },
  };
}

function toRegisterSet(loop: MeterLoop, header: UsageHeader, row: UsageRow): LoopSet {
  const own: OwnPart = {
    channel: row.label === totalLabel ? '' : row.label,
    measure: 'register',
    purpose: header.purpose?.purpose ?? '',
    multiplier: loop.multiplier || '1',
    unit: `${toUnit(loop)}REG`,
    totals: toTotals(row.beginQuality, row.endQuality),
    readings: 2,
  };
  const first = toAmount(row.beginRead);
  const last = toAmount(row.endRead);
  return {
    set: toSet(loop, header, own),
    toReadings: () => [
      { endAt: loop.startAt, value: row.beginRead, quality: row.beginQuality },
      { endAt: loop.endAt, value: row.endRead, quality: row.endQuality },
    ],
    amounts: { sum: first + last, first, last },
  };
}

function toUnit({ unit, isReceived }: MeterLoop): string {
  return (isReceived ? unit?.received : unit?.unit) ?? '';
}

function toTotals(one: Quality, other?: Quality): number[] {
  const totals = [0, 0, 0, 0, 0];
  (totals[qualities.indexOf(one)] as number)++;
  if (other !== undefined) (totals[qualities.indexOf(other)] as number)++;
  return totals;
}

function toSet(loop: MeterLoop, header: UsageHeader, own: OwnPart): ReadingSet {
  const { measure, totals } = own;
  return {
    line: loop.place.number,
    byteStart: loop.byteStart,
    byteEnd: loop.byteEnd,
    sender: header.sender,
    receiver: header.receiver,
    account: header.senderAccount || header.receiverAccount,
    senderAccount: header.senderAccount,
    receiverAccount: header.receiverAccount,
    sdp: loop.sdp,
    meter: loop.kind === 'unmetered' ? unmetered : loop.meter,
    commodity: loop.commodity,
    unit: own.unit,
    channel: own.channel,
    measure: measure satisfies Measure,
    purpose: own.purpose,
    multiplier: own.multiplier,
    intervalMinutes: measure === 'interval' ? loop.minutes : 0,
    periodStartAt: loop.startAt,
    periodEndAt: loop.endAt,
    readings: own.readings,
    estimated: totals[1] as number,
    adjusted: totals[2] as number,
    raw: totals[3] as number,
    missing: totals[4] as number,
    createdAt: header.createdAt,
    externalReference: header.reference,
    correctsReference: header.correctsReference,
    reason: loop.reason === unknownAdjustment ? header.reason : loop.reason || header.reason,
  };
}
