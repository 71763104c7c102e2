import type { Fault, ScanResult } from '../format.ts';
import { createCmepScanner } from './cmep-scanner.ts';
import { cmepProfiles } from './profiles.ts';

/** A profile that the beginning of a file fits, and what speaks for it. */
export interface ProfileProposal {
  readonly profile: string;
  readonly why: string;
}

const lf = 0x0a;
const usual = 'strict';
/** How senders name themselves in field 3. */
const senders: readonly { readonly profile: string; readonly name: RegExp }[] = [
  { profile: 'sensus-rni', name: /^sensus$/i },
  { profile: 'smartsynch', name: /^smartsynch$/i },
  { profile: 'yukon', name: /^cannon$/i },
  { profile: 'nisc-dcsi', name: /^dcsi$/i },
  { profile: 'schneider', name: /^schneider/i },
];

/**
 * A profile for a file that begins like this: that of its sender, else `strict`, else the first that takes the records
 * that strict refuses. Undefined where none does. Only a proposal: what a file means, its partner says. That stamps are
 * local time cannot be seen but in the hour that autumn repeats.
 *
 * @param head the file's first bytes; a record that they cut is left out
 */
export function proposeProfile(head: Uint8Array): ProfileProposal | undefined {
  const records = head.subarray(0, head.lastIndexOf(lf) + 1);
  if (records.length === 0) return proposeForLongLine(head);
  const { faults, isRefused, summary } = scanHead(records, usual);
  const sender = findSender(records);
  const own = senders.find(({ name }) => name.test(sender))?.profile;
  if (own !== undefined && !scanHead(records, own).isRefused) {
    return { profile: own, why: `its sender is ${sender}, and ${toFitting(summary, own)}` };
  }
  if (!isRefused) return { profile: usual, why: toFitting(summary, usual) };
  const names = [...cmepProfiles.map(({ name }) => name), `${usual}:tab`];
  for (const profile of names) {
    const found = scanHead(records, profile);
    if (!found.isRefused) return { profile, why: `${toFitting(found.summary, profile)}, ${toOther(faults)}` };
  }
  return undefined;
}

function toFitting({ records }: ScanResult['summary'], profile: string): string {
  const count = records === 1 ? 'record is' : `${records} records are`;
  return `its first ${count} without fault under ${profile}`;
}

function toOther(faults: readonly Fault[]): string {
  const [first] = faults.filter(({ level }) => level === 'error');
  return `while ${usual} finds ${first?.code} in line ${first?.line}`;
}

/** A record that does not end within the head has more triplets than the protocol allows. */
function proposeForLongLine(head: Uint8Array): ProfileProposal | undefined {
  const fields = new TextDecoder('latin1').decode(head).split(',');
  const count = Number(fields[13]);
  const { maxTriplets: allowed = 0 } = cmepProfiles.find(({ name }) => name === usual) ?? {};
  const fitting = cmepProfiles.find(({ maxTriplets }) => count > allowed && count <= maxTriplets)?.name;
  if (fields[0] !== 'MEPMD01' || fitting === undefined) return undefined;
  return { profile: fitting, why: `its first record has ${count} triplets; ${usual} allows ${allowed}` };
}

function scanHead(records: Uint8Array, profile: string): ScanResult {
  // Errors do not depend on the time; a warning more does no harm.
  const scanner = createCmepScanner({ profile, now: 0 });
  scanner.push(records);
  return scanner.end();
}

function findSender(records: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(records);
  return /^[^,\n]*,[^,\n]*,"?([^",\n]*)/.exec(text)?.[1]?.trim() ?? '';
}
