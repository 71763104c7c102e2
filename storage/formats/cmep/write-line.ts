import { toCrc16, toCrcText } from './fields/crc16.ts';
import { intervalLayout } from './fields/record-types.ts';
import type { CmepProfile } from './profile.ts';

/** The line of headings before the records, where the profile has one; else nothing. */
export function toHeadings({ separator }: CmepProfile): string {
  return separator === ',' ? '' : `${intervalLayout.fixed.join(separator)}\r\n`;
}

/**
 * A record with its line end.
 *
 * @param fields everything before Count
 * @param groups the data, each group with its separators
 */
export function toLine(
  fields: string,
  groups: readonly string[],
  { valueMark, separator, writes, crc }: CmepProfile,
): string {
  const text = [fields, groups.length, groups.join(`${valueMark}${separator}`)].join(separator);
  if (writes.crcSlot === 'omit') return `${text}\r\n`;
  if (writes.crcSlot === 'empty') return `${text}${separator}\r\n`;
  const bytes = Buffer.from(`${text}${separator}`, 'latin1');
  return `${text}${separator}${toCrcText(toCrc16(bytes, 0, bytes.length, crc))}\r\n`;
}
