import type { FaultList } from '../fault-list.ts';
import type { Fault } from '../format.ts';
import { type Channel, type ChannelHead, countIntervals } from './channel.ts';
import type { ChannelTotals } from './channel-totals.ts';
import type { MdefFaultCode } from './faults.ts';
import { recordBytes } from './layout.ts';
import { findRegisterFault } from './register-sum.ts';
import { isKnownStatus } from './statuses.ts';

/**
 * Reports what is wrong with the intervals of a channel, which was decoded, and adds them up. False when they are not
 * all there or not all known, so that nothing of the channel may be taken.
 */
export function checkChannel(
  channel: Channel,
  head: ChannelHead,
  totals: ChannelTotals,
  faults: FaultList<MdefFaultCode>,
): boolean {
  const place = { line: head.record, byteOffset: head.byteStart, field: 'intervals', fieldNumber: 0 };
  const report = (code: MdefFaultCode, message: string) =>
    faults.add(code, { ...place, text: head.label, message });
  const expected = countIntervals(head);
  if (channel.count !== expected) {
    reportCount(channel, expected, report);
    return false;
  }
  totals.take(channel, head.isAccepted);
  const { badValue, badStatus, remarks } = totals;
  if (badValue !== -1) reportValue(channel, head, badValue, faults);
  if (badStatus !== -1) reportStatus(channel, head, badStatus, faults);
  if (badValue !== -1 || badStatus !== -1) return false;
  const remark = remarks.toText();
  if (remark !== '') report('N_REMARK', `Intervals carry remarks: ${remark}.`);
  const fault = findRegisterFault(head, totals);
  if (fault !== undefined) report('C_REGISTER_SUM', fault);
  return true;
}

function reportValue(
  channel: Channel,
  head: ChannelHead,
  index: number,
  faults: FaultList<MdefFaultCode>,
): void {
  const text = String(channel.values[index]);
  const place = toPlace(channel, head, index, 'value');
  faults.add('E_VALUE', { ...place, text, message: 'The interval holds no finite number.' });
}

function reportStatus(
  channel: Channel,
  head: ChannelHead,
  index: number,
  faults: FaultList<MdefFaultCode>,
): void {
  const channelStatus = channel.channelStatuses[index] as number;
  const isChannels = !isKnownStatus(channelStatus, 0);
  const status = isChannels ? channelStatus : (channel.intervalStatuses[index] as number);
  const place = toPlace(channel, head, index, isChannels ? 'channelStatus' : 'intervalStatus');
  const text = `0x${status.toString(16).padStart(4, '0')}`;
  const name = isChannels ? 'channel status' : 'interval status';
  faults.add('E_STATUS', { ...place, text, message: `The ${name} has bits without a meaning.` });
}

function toPlace(
  channel: Channel,
  head: ChannelHead,
  index: number,
  what: 'value' | 'channelStatus' | 'intervalStatus',
): Pick<Fault, 'line' | 'byteOffset' | 'field' | 'fieldNumber'> {
  const { record, [what]: offset } = channel.placeOf(index);
  const byteOffset = head.byteStart + record * recordBytes + offset;
  return { line: head.record + record, byteOffset, field: `interval ${index + 1}`, fieldNumber: 0 };
}

function reportCount(
  channel: Channel,
  expected: number,
  report: (code: MdefFaultCode, message: string) => void,
): void {
  if (channel.looksInteger(expected)) {
    report('E_INTEGER', 'The intervals are two-byte integers (pulses); only the float variant is taken.');
    return;
  }
  const found = channel.count === -1 ? 'gaps between intervals' : `${channel.count} intervals`;
  report('E_COUNT', `The channel holds ${found}; from its start to its stop there are ${expected}.`);
}
