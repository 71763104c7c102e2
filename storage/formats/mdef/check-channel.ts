import type { FaultList } from '../fault-list.ts';
import { type Channel, type ChannelHead, countIntervals } from './channel.ts';
import type { ChannelTotals } from './channel-totals.ts';
import type { MdefFaultCode } from './faults.ts';
import { findRegisterFault } from './register-sum.ts';

/**
 * Reports what is wrong with the intervals of a channel, which was decoded, and adds them up. False when they are not all
 * there or not all known, so that nothing of the channel may be taken.
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
  if (badValue !== -1) report('E_VALUE', `Interval ${badValue + 1} holds no finite number.`);
  if (badStatus !== -1) report('E_STATUS', `Interval ${badStatus + 1} has status bits without a meaning.`);
  if (badValue !== -1 || badStatus !== -1) return false;
  const remark = remarks.toText();
  if (remark !== '') report('N_REMARK', `Intervals carry remarks: ${remark}.`);
  const fault = findRegisterFault(head, totals);
  if (fault !== undefined) report('C_REGISTER_SUM', fault);
  return true;
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
