import { minuteMs } from '../../model/time.ts';
import type { ReadingSet } from '../format.ts';
import type { ChannelHead } from './channel.ts';
import type { ChannelTotals } from './channel-totals.ts';
import type { MeterHead } from './headers.ts';

/** @param byteEnd where the record after the channel's last one starts */
export function toChannelSet(
  head: ChannelHead,
  meter: MeterHead,
  byteEnd: number,
  totals: ChannelTotals,
): ReadingSet {
  return {
    line: head.record,
    byteStart: head.byteStart,
    byteEnd,
    sender: '',
    receiver: '',
    account: meter.account,
    senderAccount: meter.account,
    receiverAccount: '',
    sdp: '',
    meter: meter.customer,
    commodity: 'E',
    unit: head.unit,
    channel: head.channel,
    measure: 'interval',
    purpose: '',
    multiplier: '1',
    intervalMinutes: head.intervalMinutes,
    periodStartAt: head.startAt,
    periodEndAt: head.stopAt,
    readings: (head.stopAt - head.startAt) / (head.intervalMinutes * minuteMs),
    estimated: totals.estimated,
    adjusted: 0,
    raw: totals.raw,
    missing: totals.missing,
    createdAt: null,
    externalReference: '',
    correctsReference: '',
    reason: '',
  };
}
