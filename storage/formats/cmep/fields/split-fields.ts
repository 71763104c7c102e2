import type { PlainTriplets } from '../plain-triplets.ts';
import type { CmepSwitch } from '../switches.ts';
import type { CmepRecord } from './record.ts';
import { intervalLayout } from './record-types.ts';

const comma = 0x2c;
const quote = 0x22;
const blank = 0x20;
const tilde = 0x7e;
const maxFieldBytes = 256;

/**
 * Finds the fields of a record: commas (or tabs, as the record says) outside quotes, blanks at the borders of unquoted
 * fields taken off, quotes of quoted ones too (CMEP facts, F3–F8, F13). Faults are reported to the record; after one of
 * level error the places are not to be trusted.
 *
 * @param plain takes the triplets of MEPMD01 that need no general rules
 * @param allows the switches `padding` and `doubled-quotes` count here
 */
export function splitFields(record: CmepRecord, plain: PlainTriplets, allows: ReadonlySet<CmepSwitch>): void {
  const { end } = record;
  const fixedCount = record.layout === intervalLayout ? intervalLayout.fixed.length : 0;
  // A repeated header has its fields already.
  let fieldStart = record.fieldCount === 0 ? record.start : plain.scan(record, record.dataStart);
  while (fieldStart <= end) {
    const fieldEnd = findFieldEnd(record, fieldStart, allows);
    closeField(record, fieldStart, fieldEnd, allows);
    record.lastFieldStart = fieldStart;
    fieldStart = fieldEnd + 1;
    if (record.fieldCount === fixedCount && fieldStart <= end) {
      record.dataStart = fieldStart;
      fieldStart = plain.scan(record, fieldStart);
    }
  }
}

/** The place of the separator that ends the field, or the line's end. */
function findFieldEnd(record: CmepRecord, fieldStart: number, allows: ReadonlySet<CmepSwitch>): number {
  const { bytes, end, separator } = record;
  let at = fieldStart;
  while (at < end) {
    const byte = bytes[at] as number;
    // Digits, letters and most else: one test for nearly every byte.
    if (byte > comma && byte <= tilde) {
      at++;
    } else if (byte === separator) {
      return at;
    } else if (byte === quote) {
      at = skipQuoted(record, fieldStart, at, allows.has('doubled-quotes'));
    } else {
      if (byte < blank || byte > tilde) reportByte(record, at);
      at++;
    }
  }
  return at;
}

function closeField(
  record: CmepRecord,
  fieldStart: number,
  fieldEnd: number,
  allows: ReadonlySet<CmepSwitch>,
): void {
  const { bytes } = record;
  const index = record.fieldCount++;
  let start = fieldStart;
  let end = fieldEnd;
  if (start < end && (bytes[start] === blank || bytes[end - 1] === blank)) {
    while (start < end && bytes[start] === blank) start++;
    while (end > start && bytes[end - 1] === blank) end--;
    if (!allows.has('padding')) {
      record.fault(
        'W_TRIM',
        index + 1,
        'The field has blanks at its border; they are ignored.',
        fieldStart,
        fieldEnd,
      );
    }
  }
  if (start < end && bytes[start] === quote) {
    start++;
    end--;
  }
  if (index < record.maxKeptFields) {
    record.starts[index] = start;
    record.ends[index] = end;
  }
  // The comma counts; the last field has none.
  if (fieldEnd - fieldStart > maxFieldBytes - (fieldEnd < record.end ? 1 : 0)) {
    const length = fieldEnd - fieldStart;
    const message = `The field has ${length} characters; with its comma at most 256 are allowed.`;
    record.fault('E_FIELD_LEN', index + 1, message, fieldStart, fieldEnd);
  }
}

function reportByte(record: CmepRecord, at: number): void {
  const message = 'The byte is no printable ASCII character (expected 0x20 to 0x7e).';
  record.fault('E_ASCII', record.fieldCount + 1, message, at, at + 1);
}

/** At an opening quote: gives the place after the closing one, or reports what is wrong and gives the field's end. */
function skipQuoted(record: CmepRecord, fieldStart: number, opening: number, allowsDoubled: boolean): number {
  const { bytes, end, separator } = record;
  let close = opening + 1;
  for (; close < end; close++) {
    const byte = bytes[close] as number;
    if (byte === quote) {
      if (!allowsDoubled || close + 1 >= end || bytes[close + 1] !== quote) break;
      record.hasDoubledQuotes = true;
      close++;
    } else if (byte < blank || byte > tilde) {
      reportByte(record, close);
    }
  }
  let after = close + 1;
  while (after < end && bytes[after] === blank) after++;
  let isFirst = true;
  for (let i = fieldStart; i < opening; i++) isFirst &&= bytes[i] === blank;
  if (isFirst && close < end && (after >= end || bytes[after] === separator)) return Math.min(after, end);
  let stop = opening;
  while (stop < end && bytes[stop] !== separator) stop++;
  const message = !isFirst
    ? 'A quote stands inside an unquoted field; quotes belong at both borders of a field.'
    : close >= end
      ? 'The quoted field has no closing quote on its line.'
      : 'Text follows the closing quote; quotes inside a field are not allowed.';
  record.fault('E_QUOTE', record.fieldCount + 1, message, opening, stop);
  return stop;
}
