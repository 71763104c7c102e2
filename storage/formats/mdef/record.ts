import { type FaultList, toFaultText } from '../fault-list.ts';
import type { MdefFaultCode } from './faults.ts';
import { anyRecord, type MdefField } from './layout.ts';

/** One record of 216 bytes, with the way to read its fields and to report what is wrong with them. */
export class MdefRecord {
  readonly #faults: FaultList<MdefFaultCode>;
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Where it starts in the file. */
  readonly byteStart: number;

  constructor(bytes: Buffer, number: number, byteStart: number, faults: FaultList<MdefFaultCode>) {
    this.bytes = bytes;
    this.number = number;
    this.byteStart = byteStart;
    this.#faults = faults;
  }

  /** For what is reported later: the bytes of a chunk do not outlast it. */
  toKept(): MdefRecord {
    return new MdefRecord(Buffer.from(this.bytes), this.number, this.byteStart, this.#faults);
  }

  /** Whether the customer ids are equal, byte by byte. */
  hasCustomerOf(other: MdefRecord): boolean {
    const { offset, length } = anyRecord.customer;
    for (let at = offset; at < offset + length; at++) {
      if (this.bytes[at] !== other.bytes[at]) return false;
    }
    return true;
  }

  int16(field: MdefField): number {
    return this.bytes.readInt16LE(field.offset);
  }

  /** Text with the blanks (or zero bytes) at its end taken off. */
  text(field: MdefField): string {
    const { offset, length } = field;
    let end = offset + length;
    while (end > offset && (this.bytes[end - 1] === 0x20 || this.bytes[end - 1] === 0)) end--;
    return this.bytes.toString('latin1', offset, end);
  }

  /** Text that must be printable ASCII. */
  asciiText(field: MdefField): string {
    const text = this.text(field);
    if (!/^[\x20-\x7e]*$/.test(text)) this.fault('E_TEXT', field, 'The text is not printable ASCII.');
    return text;
  }

  fault(code: MdefFaultCode, field: MdefField, message: string): void {
    const { name, number, offset, length } = field;
    const text = toFaultText(this.bytes, offset, offset + length);
    const byteOffset = this.byteStart + offset;
    this.#faults.add(code, {
      line: this.number,
      field: name,
      fieldNumber: number,
      byteOffset,
      text,
      message,
    });
  }
}
