import { toCrc16 } from './fields/crc16.ts';
import { isHexDigit } from './fields/flag-suffix.ts';
import { toInteger } from './fields/number-reader.ts';
import type { CmepRecord } from './fields/record.ts';

/**
 * Holds Count, the fields present and the CRC slot against each other (CMEP facts, sections 4 and 6.6): with L fields
 * for Count triplets, L fields are a record without CRC slot and L + 1 one with it; anything else is cut or shifted.
 *
 * @returns the number of triplets, or 0 after a fault
 */
export function checkShape(record: CmepRecord): number {
  const { fixed, maxTriplets } = record.layout;
  const countText = record.text(fixed.length);
  const count = toInteger(countText);
  if (countText === '') {
    record.fault('E_REQUIRED', fixed.length, 'The number of triplets is empty.');
    return 0;
  }
  if (!(count >= 1 && count <= maxTriplets)) {
    record.fault('E_COUNT', fixed.length, `Expected a whole number from 1 to ${maxTriplets}.`);
    return 0;
  }
  const expected = fixed.length + 3 * count;
  if (record.fieldCount === expected && isCrc(record)) {
    record.crcFault('E_TRUNCATED', 'The last value is a CRC: the record was cut before it.');
    return 0;
  }
  if (record.fieldCount === expected) return count;
  if (record.fieldCount === expected + 1) return checkCrcSlot(record) ? count : 0;
  reportMisfit(record, count, expected);
  return 0;
}

function reportMisfit(record: CmepRecord, count: number, expected: number): void {
  const { fixed } = record.layout;
  const data = record.fieldCount - fixed.length;
  const hasSlot = data % 3 === 1 && (record.lastFieldStart === record.end || isCrc(record));
  if (data % 3 === 0 || hasSlot) {
    record.fault(
      'E_COUNT',
      fixed.length,
      `Count is ${count}, but there are ${Math.floor(data / 3)} triplets.`,
    );
  } else if (record.fieldCount < expected) {
    const message = `The record has ${record.fieldCount} fields; ${count} triplets need ${expected}. It was cut.`;
    record.fault('E_TRUNCATED', record.fieldCount, message);
  } else {
    const message = `The record has ${record.fieldCount} fields; ${count} triplets need ${expected}, and a CRC one more.`;
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

function checkCrcSlot(record: CmepRecord): boolean {
  if (record.isEmpty(record.fieldCount)) return true;
  if (!isCrc(record)) {
    record.crcFault(
      'E_CRC_FORM',
      'After the last comma expected nothing, or a CRC as H and four hexadecimal digits.',
    );
    return false;
  }
  const crc = toCrc16(record.bytes, record.start, record.lastFieldStart);
  const given = Number.parseInt(record.bytes.toString('latin1', record.lastFieldStart + 1, record.end), 16);
  if (crc !== given) {
    const calculated = crc.toString(16).toUpperCase().padStart(4, '0');
    record.crcFault('W_CRC', `The CRC-16/ARC of the record is H${calculated}.`);
  }
  return true;
}
