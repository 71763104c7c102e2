import type { CmepRecord } from './fields/record.ts';
import type { CmepProfile } from './profile.ts';

/** The text of a field that holds a code: in upper case, where the profile takes lower case for it (`W_CASE`). */
export function readCode(record: CmepRecord, number: number, profile: CmepProfile): string {
  const text = record.text(number);
  if (!profile.allows.has('case')) return text;
  const code = text.toUpperCase();
  if (code !== text) record.fault('W_CASE', number, `Read as ${code}; the protocol is in upper case.`);
  return code;
}
