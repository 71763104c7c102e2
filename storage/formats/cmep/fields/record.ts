import { type FaultList, toFaultText } from '../../fault-list.ts';
import type { CmepFaultCode } from '../faults.ts';
import { findLayout, intervalLayout, type RecordLayout, toFieldName, touLayout } from './record-types.ts';

/** Fields kept beside those of triplets: fixed ones, CRC, and room to see that there are too many. */
const otherFields = 48;
/** Fields whose text is remembered: the fixed ones of the records that are frequent. */
const rememberedFields = 18;
const letterM = 0x4d;
const digit2 = 0x32;

/**
 * The record under check: its bytes, where its fields lie, and the way to report a fault in it. One object serves a
 * whole file; `begin` makes it stand for the next line.
 */
export class CmepRecord {
  readonly #faults: FaultList<CmepFaultCode>;
  readonly #texts: string[] = new Array<string>(rememberedFields).fill('');
  #errorsBefore = 0;
  #faultsBefore = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** The same bytes, for reading words. */
  view: DataView = new DataView(this.bytes.buffer);
  /** The record's text is `bytes[start, end)`, with its line end `bytes[start, next)`. */
  start = 0;
  end = 0;
  next = 0;
  /** Where `bytes[0]` stands in the file. */
  fileOffset = 0;
  line = 0;
  /** The byte between fields: a comma, or a tab. */
  readonly separator: number;
  layout: RecordLayout = intervalLayout;
  /** Number of fields; the content of field n (from 1) is `bytes[starts[n - 1], ends[n - 1])`. */
  fieldCount = 0;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether two quotes stand for one in a field of this record. */
  hasDoubledQuotes = false;
  /** Place after the last separator. */
  lastFieldStart = 0;
  /** Where the triplets of MEPMD01 begin, field 15; -1 where the line ends before it, or began as another type. */
  dataStart = -1;

  /**
   * @param maxTriplets most triplets of a line; of more fields only the number is kept
   * @param separator the character between fields
   */
  constructor(faults: FaultList<CmepFaultCode>, maxTriplets: number, separator = ',') {
    this.#faults = faults;
    this.separator = separator.charCodeAt(0);
    this.starts = new Int32Array(3 * maxTriplets + otherFields);
    this.ends = new Int32Array(3 * maxTriplets + otherFields);
  }

  /** Most fields whose places are kept. */
  get maxKeptFields(): number {
    return this.starts.length;
  }

  begin(bytes: Buffer, start: number, end: number, next: number, fileOffset: number, line: number): void {
    this.#errorsBefore = this.#faults.errorCount;
    this.#faultsBefore = this.#faults.count;
    if (this.bytes !== bytes) this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.next = next;
    this.fileOffset = fileOffset;
    this.line = line;
    // Good enough to name fields in faults until the type is checked: MEP_M_D0_2_.
    this.layout =
      bytes[start + 3] !== letterM
        ? this.#guessLayout()
        : bytes[start + 6] === digit2
          ? touLayout
          : intervalLayout;
    this.fieldCount = 0;
    this.hasDoubledQuotes = false;
    this.dataStart = -1;
  }

  /** Adds three fields at once: stamp, flag and value, each with its comma (or the line's end) behind it. */
  addTriplet(start: number, flagStart: number, flagEnd: number, valueEnd: number): void {
    const { starts, ends, fieldCount } = this;
    starts[fieldCount] = start;
    ends[fieldCount] = flagStart - 1;
    starts[fieldCount + 1] = flagStart;
    ends[fieldCount + 1] = flagEnd;
    starts[fieldCount + 2] = flagEnd + 1;
    ends[fieldCount + 2] = valueEnd;
    this.fieldCount = fieldCount + 3;
    this.lastFieldStart = flagEnd + 1;
  }

  get hasErrors(): boolean {
    return this.#faults.errorCount > this.#errorsBefore;
  }

  /** Whether anything of any level was found in it so far. */
  get hasFaults(): boolean {
    return this.#faults.count > this.#faultsBefore;
  }

  /** All faults of the file so far; equal before and after a check when it found nothing. */
  get faultCount(): number {
    return this.#faults.count;
  }

  /** A fault of field `number`, from 1; the offending text is the field's unless a place is given. */
  fault(code: CmepFaultCode, number: number, message: string, start?: number, end?: number): void {
    const index = Math.min(number, this.maxKeptFields) - 1;
    const from = start ?? (this.starts[index] as number);
    const to = end ?? (this.ends[index] as number);
    this.#add(code, undefined, number, from, to, message);
  }

  /** A fault of the CRC slot, the last field. */
  crcFault(code: CmepFaultCode, message: string): void {
    this.#add(code, 'CRC', this.fieldCount, this.lastFieldStart, this.end, message);
  }

  /** A fault of the CRC slot that is not there. */
  noCrcFault(code: CmepFaultCode, message: string): void {
    this.#add(code, 'CRC', this.fieldCount + 1, this.end, this.end, message);
  }

  /** A fault of the whole line. */
  lineFault(code: CmepFaultCode, message: string): void {
    this.#add(code, 'line', 0, this.start, this.end, message);
  }

  #add(
    code: CmepFaultCode,
    field: string | undefined,
    number: number,
    start: number,
    end: number,
    message: string,
  ): void {
    this.#faults.add(code, () => ({
      line: this.line,
      field: field ?? toFieldName(this.layout, number),
      fieldNumber: number,
      byteOffset: this.fileOffset + start,
      text: toFaultText(this.bytes, start, end),
      message,
    }));
  }

  /** Text of a field. Equal text in the same field of the line before gives the same string, uncopied. */
  text(number: number): string {
    if (number >= rememberedFields || this.hasDoubledQuotes) return this.#copyText(number);
    const start = this.starts[number - 1] as number;
    const length = (this.ends[number - 1] as number) - start;
    const last = this.#texts[number] as string;
    if (last.length === length) {
      let i = 0;
      while (i < length && last.charCodeAt(i) === this.bytes[start + i]) i++;
      if (i === length) return last;
    }
    const text = this.bytes.toString('latin1', start, start + length);
    this.#texts[number] = text;
    return text;
  }

  #copyText(number: number): string {
    const text = this.bytes.toString('latin1', this.starts[number - 1], this.ends[number - 1]);
    return this.hasDoubledQuotes ? text.replaceAll('""', '"') : text;
  }

  #guessLayout(): RecordLayout {
    const beginning = this.bytes.toString('latin1', this.start, Math.min(this.end, this.start + 8));
    return findLayout(beginning.split(/[,\t]/)[0] as string) ?? intervalLayout;
  }

  isEmpty(number: number): boolean {
    return this.starts[number - 1] === this.ends[number - 1];
  }
}
