import { type PartyRole, partyCodes, reportCodes } from '../codes.ts';
import type { SegmentWriter } from '../segment-writer.ts';
import type { UsageGroup } from './usage-group.ts';
import type { UsageLoop } from './usage-loops.ts';

/** Writes BPT and the parties with their references (edi867 facts, section 5.2). */
export function writeUsageHeader(
  writer: SegmentWriter,
  group: UsageGroup,
  input: {
    /** BPT02. */
    readonly reference: string;
    readonly date: string;
    readonly time: string;
    readonly loops: readonly UsageLoop[];
    readonly receiverParty: 'SJ' | '8S';
  },
): void {
  const { reference, date, time, loops, receiverParty } = input;
  writer.add('BPT', group.purposeCode, reference, date, toReport(loops), '', '', '', time);
  const utility = codeOf('utility');
  const receiver = ['', toIdQualifier(group.receiver), group.receiver, '', '40'];
  const isUtility = receiverParty === utility;
  if (isUtility || group.senderAccount !== '') writer.add('N1', utility, ...(isUtility ? receiver : ['UDC']));
  if (group.senderAccount !== '') writer.add('REF', '12', group.senderAccount);
  if (!isUtility || group.receiverAccount !== '')
    writer.add('N1', codeOf('supplier'), ...(isUtility ? ['ESP'] : receiver));
  if (group.receiverAccount !== '') writer.add('REF', '11', group.receiverAccount);
  writer.add('N1', codeOf('provider'), '', toIdQualifier(group.sender), group.sender, '', '41');
  if (group.correctsReference !== '') writer.add('REF', '59', group.correctsReference);
  if (group.reason) writer.add('REF', '1P', group.reason);
}

function toReport(loops: readonly UsageLoop[]): string {
  const kinds = new Set(loops.map(({ kind }) => kind));
  const report = kinds.size > 1 ? 'mixed' : kinds.has('interval') ? 'interval' : 'cumulative';
  return Object.keys(reportCodes).find((code) => reportCodes[code] === report) ?? '';
}

function codeOf(role: PartyRole): string {
  return Object.keys(partyCodes).find((code) => partyCodes[code] === role) ?? '';
}

/** N103: DUNS, DUNS+4, or mutually defined. */
function toIdQualifier(id: string): string {
  return /^\d{9}$/.test(id) ? '1' : /^\d{13}$/.test(id) ? '9' : 'ZZ';
}
