import { minuteMs } from '../../model/time.ts';
import type { ChannelHead } from './channel.ts';
import { channelHeader, type MdefField, meterHeader } from './layout.ts';
import type { MdefProfile } from './profiles.ts';
import type { MdefRecord } from './record.ts';
import { findCalendarMinutes, toInstant } from './times.ts';

/** What a meter header says. */
export interface MeterHead {
  readonly customer: string;
  readonly account: string;
  /** Channels that it announces; NaN when it does not say. */
  readonly channels: number;
  readonly isPrevailing: boolean;
  readonly record: MdefRecord;
}

const timeMessage = 'Expected YYYYMMDDHHMM, a real date and time; midnight is 2400 of the day it ends.';

/** Reads a meter header and reports what is wrong with it. */
export function toMeterHead(record: MdefRecord): MeterHead {
  const customer = record.asciiText(meterHeader.customer);
  if (customer === '') record.fault('E_CUSTOMER', meterHeader.customer, 'The meter has no customer id.');
  for (const field of [meterHeader.start, meterHeader.stop]) {
    if (findCalendarMinutes(record.text(field)) === undefined) record.fault('E_DATETIME', field, timeMessage);
  }
  const isPrevailing = record.text(meterHeader.dst) === 'Y';
  if (isPrevailing) record.fault('W_DST', meterHeader.dst, 'Times are read as Pacific prevailing time.');
  const channels = /^\d+$/.test(record.text(meterHeader.channels))
    ? Number(record.text(meterHeader.channels))
    : Number.NaN;
  return {
    customer,
    account: record.asciiText(meterHeader.account),
    channels,
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
  const code = record.asciiText(channelHeader.unitCode);
  if (record.text(channelHeader.status) === 'RE') {
    record.fault('W_REJECTED', channelHeader.status, 'The data set is marked as rejected.');
  }
  const hasChannelStatus = findYesNo(record, channelHeader.hasChannelStatus);
  const hasIntervalStatus = findYesNo(record, channelHeader.hasIntervalStatus);
  const times = findTimes(record, meter.isPrevailing, profile);
  if (times === undefined || hasChannelStatus === undefined || hasIntervalStatus === undefined)
    return undefined;
  return {
    ...times,
    label,
    unit: label || profile.units[code] || `unit code ${code}`,
    channel: String(record.int16(channelHeader.channel)),
    hasChannelStatus,
    hasIntervalStatus,
    record: record.number,
    byteStart: record.byteStart,
  };
}

function findYesNo(record: MdefRecord, field: MdefField): boolean | undefined {
  const text = record.text(field);
  if (text === 'Y' || text === 'N') return text === 'Y';
  record.fault('E_STATUS_FLAG', field, 'Expected Y or N.');
  return undefined;
}

/** Interval length, begin of the first and end of the last interval. */
function findTimes(
  record: MdefRecord,
  isPrevailing: boolean,
  profile: MdefProfile,
): Pick<ChannelHead, 'intervalMinutes' | 'startAt' | 'stopAt'> | undefined {
  const perHour = /^\d\d$/.test(record.text(channelHeader.perHour))
    ? Number(record.text(channelHeader.perHour))
    : 0;
  if (perHour === 0 || 60 % perHour !== 0) {
    record.fault('E_INTERVAL', channelHeader.perHour, 'Expected the intervals of an hour, a divisor of 60.');
    return undefined;
  }
  const intervalMinutes = 60 / perHour;
  const [start, stop] = [channelHeader.start, channelHeader.stop].map((field) => {
    const minutes = findCalendarMinutes(record.text(field));
    if (minutes === undefined) record.fault('E_DATETIME', field, timeMessage);
    return minutes;
  });
  if (start === undefined || stop === undefined) return undefined;
  if ((start - 1) % intervalMinutes !== 0) {
    record.fault('E_DATETIME', channelHeader.start, 'The start is not an interval bound plus one minute.');
    return undefined;
  }
  const startAt = toInstant(start - 1, isPrevailing, profile);
  const stopAt = toInstant(stop, isPrevailing, profile);
  if (stopAt > startAt && (stopAt - startAt) % (intervalMinutes * minuteMs) === 0) {
    return { intervalMinutes, startAt, stopAt };
  }
  record.fault('E_DATETIME', channelHeader.stop, 'From start to stop are not one or more whole intervals.');
  return undefined;
}
