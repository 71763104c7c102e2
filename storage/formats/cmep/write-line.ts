import { toCrc16, toCrcText } from './fields/crc16.ts';
import type { CmepProfile } from './profile.ts';

/**
 * A record with its line end.
 *
 * @param fields everything before Count
 * @param groups the data, each group with its commas
 */
export function toLine(
  fields: string,
  groups: readonly string[],
  { valueMark, writes, crc }: CmepProfile,
): string {
  const text = `${fields},${groups.length},${groups.join(`${valueMark},`)}`;
  if (writes.crcSlot === 'omit') return `${text}\r\n`;
  if (writes.crcSlot === 'empty') return `${text},\r\n`;
  const bytes = Buffer.from(`${text},`, 'latin1');
  return `${text},${toCrcText(toCrc16(bytes, 0, bytes.length, crc))}\r\n`;
}
