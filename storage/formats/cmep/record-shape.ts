import { crcVariants, toCrc16, toCrcText } from './fields/crc16.ts';
import { isHexDigit } from './fields/flag-suffix.ts';
import { toInteger } from './fields/number-reader.ts';
import type { CmepRecord } from './fields/record.ts';
import type { CmepProfile } from './profile.ts';

/** Groups of three are triplets, whose last field is a number and so never looks like a CRC. */
const tripletFields = 3;

/**
 * Holds Count, the fields present and the CRC slot against each other (CMEP facts, sections 4 and 6.6): with L fields
 * for Count groups, L fields are a record without CRC slot and L + 1 one with it; anything else is cut or shifted.
 *
 * @returns the number of groups, or undefined after a fault
 */
export function checkShape(record: CmepRecord, profile: CmepProfile): number | undefined {
  const { fixed, group, minGroups, maxGroups, kind } = record.layout;
  const most = kind === 'interval' || kind === 'alarm' ? profile.maxTriplets : maxGroups;
  const countText = record.text(fixed.length);
  const count = toInteger(countText);
  if (countText === '') {
    record.fault('E_REQUIRED', fixed.length, `The field ${fixed.at(-1)} is empty.`);
    return undefined;
  }
  if (!(count >= minGroups && count <= most)) {
    record.fault('E_COUNT', fixed.length, `Expected a whole number from ${minGroups} to ${most}.`);
    return undefined;
  }
  const expected = fixed.length + group.length * count;
  if (record.fieldCount === expected && group.length === tripletFields && isCrc(record)) {
    record.crcFault('E_TRUNCATED', 'The last value is a CRC: the record was cut before it.');
    return undefined;
  }
  if (record.fieldCount === expected) return checkNoCrc(record, profile) ? count : undefined;
  if (record.fieldCount === expected + 1) return checkCrcSlot(record, profile) ? count : undefined;
  reportMisfit(record, count, expected);
  return undefined;
}

function reportMisfit(record: CmepRecord, count: number, expected: number): void {
  const { fixed, group } = record.layout;
  const data = record.fieldCount - fixed.length;
  const hasSlot = data % group.length === 1 && (record.lastFieldStart === record.end || isCrc(record));
  const what = group.join(', ');
  if (data % group.length === 0 || hasSlot) {
    const found = Math.floor(data / group.length);
    record.fault('E_COUNT', fixed.length, `Count is ${count}, but there are ${found} groups of ${what}.`);
  } else if (record.fieldCount < expected) {
    const message = `The record has ${record.fieldCount} fields; ${count} groups of ${what} need ${expected}. It was cut.`;
    record.fault('E_TRUNCATED', record.fieldCount, message);
  } else {
    const message = `The record has ${record.fieldCount} fields; ${count} groups of ${what} need ${expected}, and a CRC one more.`;
    record.fault('E_EXCESS', expected + 2, message);
  }
}

/** Whether the last field, as it stands, is `H` and four hexadecimal digits. */
function isCrc(record: CmepRecord): boolean {
  const { bytes, lastFieldStart, end } = record;
  if (end - lastFieldStart !== 5 || bytes[lastFieldStart] !== 0x48) return false;
  for (let i = lastFieldStart + 1; i < end; i++) if (!isHexDigit(bytes[i] as number)) return false;
  return true;
}

/** Reports a record without CRC where one is agreed: then it may as well be damaged. */
function checkNoCrc(record: CmepRecord, { crc, isCrcAgreed }: CmepProfile): boolean {
  if (isCrcAgreed)
    record.noCrcFault('E_CRC', `Expected the ${crcVariants[crc].title} of the record, which is agreed.`);
  return !isCrcAgreed;
}

function checkCrcSlot(record: CmepRecord, profile: CmepProfile): boolean {
  if (record.isEmpty(record.fieldCount) || isCrc(record)) return checkCrc(record, profile);
  record.crcFault(
    'E_CRC_FORM',
    'After the last comma expected nothing, or a CRC as H and four hexadecimal digits.',
  );
  return false;
}

/**
 * Compares the CRC, if the last field looks like one; reports what is not as agreed, and gives whether it is no error.
 */
export function checkCrc(record: CmepRecord, profile: CmepProfile): boolean {
  if (!isCrc(record)) return checkNoCrc(record, profile);
  if (hasRightCrc(record, profile)) return true;
  const message = `The ${crcVariants[profile.crc].title} of the record is ${toCrcText(crcOf(record, profile))}.`;
  record.crcFault(profile.isCrcAgreed ? 'E_CRC' : 'W_CRC', message);
  return !profile.isCrcAgreed;
}

/** Whether the last field is the record's CRC: then nothing of it was cut or changed. */
export function hasRightCrc(record: CmepRecord, profile: CmepProfile): boolean {
  if (!isCrc(record)) return false;
  const given = Number.parseInt(record.bytes.toString('latin1', record.lastFieldStart + 1, record.end), 16);
  return given === crcOf(record, profile);
}

function crcOf({ bytes, start, lastFieldStart }: CmepRecord, { crc }: CmepProfile): number {
  return toCrc16(bytes, start, lastFieldStart, crc);
}
