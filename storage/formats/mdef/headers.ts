import { minuteMs } from '../../model/time.ts';
import type { ChannelHead } from './channel.ts';
import { channelHeader, type MdefField, meterHeader } from './layout.ts';
import { findUnit, type MdefProfile } from './profiles.ts';
import type { MdefRecord } from './record.ts';
import { findCalendarMinutes, toInstants } from './times.ts';

/** What a meter header says. */
export interface MeterHead {
  readonly customer: string;
  readonly account: string;
  /** Channels that it announces; NaN when it does not say. */
  readonly channels: number;
  /** Its times as they stand, which its channels repeat. */
  readonly start: string;
  readonly stop: string;
  readonly startMinutes: number | undefined;
  readonly stopMinutes: number | undefined;
  readonly isPrevailing: boolean;
  readonly record: MdefRecord;
}

type Times = Pick<ChannelHead, 'intervalMinutes' | 'startAt' | 'stopAt' | 'otherPeriods'>;

const timeMessage = 'Expected YYYYMMDDHHMM, a real date and time; midnight is 2400 of the day it ends.';

/** Reads a meter header and reports what is wrong with it. */
export function toMeterHead(record: MdefRecord, { prevailingZone }: MdefProfile): MeterHead {
  const customer = record.asciiText(meterHeader.customer);
  if (customer === '') record.fault('E_CUSTOMER', meterHeader.customer, 'The meter has no customer id.');
  const [startMinutes, stopMinutes] = [meterHeader.start, meterHeader.stop].map((field) => {
    const minutes = findCalendarMinutes(record.text(field));
    if (minutes === undefined) record.fault('E_DATETIME', field, timeMessage);
    return minutes;
  });
  const isPrevailing = findYesNo(record, meterHeader.dst, 'E_DST') ?? false;
  if (isPrevailing) {
    record.fault('W_DST', meterHeader.dst, `Times are read as prevailing time of ${prevailingZone}.`);
  }
  const channels = record.text(meterHeader.channels);
  return {
    customer,
    account: record.asciiText(meterHeader.account),
    channels: /^\d+$/.test(channels) ? Number(channels) : Number.NaN,
    start: record.text(meterHeader.start),
    stop: record.text(meterHeader.stop),
    startMinutes,
    stopMinutes,
    isPrevailing,
    record: record.toKept(),
  };
}

/** Reads a channel header and reports what is wrong with it; undefined when its intervals cannot be read. */
export function findChannelHead(
  record: MdefRecord,
  meter: MeterHead,
  profile: MdefProfile,
): ChannelHead | undefined {
  const label = record.asciiText(channelHeader.label);
  const unit = toUnit(record, label, profile);
  const isAccepted = record.text(channelHeader.status) === 'AC';
  if (!isAccepted) {
    record.fault(
      'W_REJECTED',
      channelHeader.status,
      'The data set is not marked as accepted (AC): it is raw.',
    );
  }
  if (record.text(channelHeader.start) !== meter.start || record.text(channelHeader.stop) !== meter.stop) {
    record.fault('W_PERIOD', channelHeader.start, 'Start and stop are not those of the meter header.');
  }
  const hasChannelStatus = findYesNo(record, channelHeader.hasChannelStatus, 'E_STATUS_FLAG');
  const hasIntervalStatus = findYesNo(record, channelHeader.hasIntervalStatus, 'E_STATUS_FLAG');
  const times = findTimes(record, meter, profile);
  if (times === undefined || hasChannelStatus === undefined || hasIntervalStatus === undefined)
    return undefined;
  return {
    ...times,
    label,
    unit,
    channel: String(record.int16(channelHeader.channel)),
    hasChannelStatus,
    hasIntervalStatus,
    isAccepted,
    registerAmount: toRegisterAmount(record),
    record: record.number,
    byteStart: record.byteStart,
  };
}

function toUnit(record: MdefRecord, label: string, profile: MdefProfile): string {
  const code = record.asciiText(channelHeader.unitCode);
  const flow = record.text(channelHeader.flow);
  const found = findUnit(profile, { code, flow, label });
  if (found?.agrees !== true) {
    const meaning =
      found === undefined
        ? `has no unit in the profile ${profile.name}`
        : `does not go with this label or direction; taken as ${found.unit}`;
    const message = `Unit code ${code} (label "${label}", direction ${flow}) ${meaning}.`;
    record.fault('W_UNIT', channelHeader.unitCode, message);
  }
  return found?.unit ?? (label || `unit code ${code}`);
}

function findYesNo(
  record: MdefRecord,
  field: MdefField,
  code: 'E_DST' | 'E_STATUS_FLAG',
): boolean | undefined {
  const text = record.text(field);
  if (text === 'Y' || text === 'N') return text === 'Y';
  record.fault(code, field, 'Expected Y or N.');
  return undefined;
}

/** NaN when there are no reads, or no multiplier. */
function toRegisterAmount(record: MdefRecord): number {
  const fields = [channelHeader.startReading, channelHeader.stopReading, channelHeader.multiplier];
  const [start = 0, stop = 0, multiplier = 0] = fields.map((field) => {
    const text = record.text(field);
    return /^ *\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
  });
  const isGiven = multiplier !== 0 && (start !== 0 || stop !== 0);
  return isGiven ? (stop - start) * multiplier : Number.NaN;
}

/** Interval length, begin of the first and end of the last interval. */
function findTimes(record: MdefRecord, meter: MeterHead, profile: MdefProfile): Times | undefined {
  const perHour = /^\d\d$/.test(record.text(channelHeader.perHour))
    ? Number(record.text(channelHeader.perHour))
    : 0;
  if (perHour === 0 || 60 % perHour !== 0) {
    record.fault('E_INTERVAL', channelHeader.perHour, 'Expected the intervals of an hour, a divisor of 60.');
    return undefined;
  }
  const intervalMinutes = 60 / perHour;
  const start = findMinutes(record, channelHeader.start, meter.start, meter.startMinutes);
  const stop = findMinutes(record, channelHeader.stop, meter.stop, meter.stopMinutes);
  if (start === undefined || stop === undefined) return undefined;
  if ((start - 1) % intervalMinutes !== 0) {
    record.fault('E_DATETIME', channelHeader.start, 'The start is not an interval bound plus one minute.');
    return undefined;
  }
  const stops = toInstants(stop, meter.isPrevailing, profile);
  const [period, ...otherPeriods] = toInstants(start - 1, meter.isPrevailing, profile)
    .flatMap((startAt) => stops.map((stopAt) => ({ startAt, stopAt })))
    .filter(
      ({ startAt, stopAt }) => stopAt > startAt && (stopAt - startAt) % (intervalMinutes * minuteMs) === 0,
    );
  if (period !== undefined) return { intervalMinutes, ...period, otherPeriods };
  record.fault('E_DATETIME', channelHeader.stop, 'From start to stop are not one or more whole intervals.');
  return undefined;
}

/** A channel's time, known already where it is its meter's. */
function findMinutes(
  record: MdefRecord,
  field: MdefField,
  known: string,
  knownMinutes: number | undefined,
): number | undefined {
  const text = record.text(field);
  const minutes = text === known ? knownMinutes : findCalendarMinutes(text);
  if (minutes === undefined) record.fault('E_DATETIME', field, timeMessage);
  return minutes;
}
