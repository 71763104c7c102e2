import { type FaultList, toFaultText } from '../fault-list.ts';
import { type X12FaultCode, x12FaultTable } from './faults.ts';
import { type ElementRule, segmentRules } from './segment-rules.ts';
import { toShortText } from './short-texts.ts';

/** No segment of a set has as many elements; more are counted, their places are not kept. */
const maxKeptElements = 32;
/** Ids of segments and most codes are as short. */
const maxShort = 3;
const noRules: readonly ElementRule[] = [];

/** An error of a transaction set, or a warning, as its acknowledgement needs it. */
export interface SetError {
  readonly code: X12FaultCode;
  /** Whether the set may be accepted all the same. */
  readonly isWarning: boolean;
  /** Where a segment is missing, that segment's. */
  readonly segmentId: string;
  /** From 1, the ST; 0 when it is the envelope's. */
  readonly position: number;
  /** From 1; 0 when it is the whole segment's. */
  readonly element: number;
  readonly dataElement: string;
  readonly text: string;
}

/**
 * The segment under check: where its elements lie, and the way to report a fault in it. One object serves a whole
 * file; `begin` makes it stand for the next segment.
 */
export class Segment {
  readonly faults: FaultList<X12FaultCode>;
  /** Warnings of segments and elements so far; what the checks of a whole file find is none of them. */
  warnings = 0;
  /** Is told every fault but notes. */
  onSetError: ((error: SetError) => void) | undefined;
  readonly #texts: string[] = new Array<string>(maxKeptElements + 1).fill('');
  #isDamaged = false;
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  fileOffset = 0;
  /** In the file, from 1. */
  number = 0;
  /** In its set, from 1; 0 outside of sets. */
  position = 0;
  id = '';
  rules: readonly ElementRule[] = noRules;
  /** Element n (from 1; 0 is the id) is `bytes[starts[n], ends[n])`; `count` of them after the id. */
  count = 0;
  readonly starts = new Int32Array(maxKeptElements + 1);
  readonly ends = new Int32Array(maxKeptElements + 1);

  constructor(faults: FaultList<X12FaultCode>) {
    this.faults = faults;
  }

  begin(bytes: Buffer, start: number, end: number, fileOffset: number, separator: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.fileOffset = fileOffset;
    let count = 0;
    let bad = -1;
    this.starts[0] = start;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte === separator) {
        if (count < maxKeptElements) this.ends[count] = i;
        count++;
        if (count <= maxKeptElements) this.starts[count] = i + 1;
      } else if ((byte < 0x20 || byte > 0x7e) && bad === -1) {
        bad = i;
      }
    }
    this.ends[Math.min(count, maxKeptElements)] = end;
    this.count = count;
    this.id = toShortText(bytes, start, Math.min(this.ends[0] as number, start + maxShort));
    // Longer than any id: not to be taken for one.
    if ((this.ends[0] as number) - start > maxShort) this.id = '';
    this.rules = segmentRules.get(this.id) ?? noRules;
    this.#isDamaged = bad !== -1;
    if (bad !== -1) this.#reportByte(bad);
  }

  #reportByte(at: number): void {
    let element = 0;
    while (element < Math.min(this.count, maxKeptElements) && (this.starts[element + 1] as number) <= at)
      element++;
    this.fault('E_ASCII', element, 'Expected printable ASCII characters only.', at);
  }

  /** Text of element n; empty when it is not there. */
  text(n: number): string {
    if (n > this.count || n > maxKeptElements) return '';
    const start = this.starts[n] as number;
    const end = this.ends[n] as number;
    const length = end - start;
    if (length <= maxShort) return toShortText(this.bytes, start, end);
    // The same element of the segment before is mostly the same text.
    const last = this.#texts[n] as string;
    if (last.length === length) {
      let i = 0;
      while (i < length && last.charCodeAt(i) === this.bytes[start + i]) i++;
      if (i === length) return last;
    }
    const text = this.bytes.toString('latin1', start, end);
    this.#texts[n] = text;
    return text;
  }

  /** Whether a set that is read, or the envelope, has such a segment somewhere. */
  get isKnown(): boolean {
    return this.rules !== noRules;
  }

  isEmpty(n: number): boolean {
    return n > this.count || this.starts[n] === this.ends[n];
  }

  /** Where the segment begins in the file. */
  get byteStart(): number {
    return this.fileOffset + this.start;
  }

  /**
   * Checks number, presence and length of the elements by the segment's rules; true when nothing is wrong. In a damaged
   * segment nothing more is looked at.
   */
  checkElements(): boolean {
    if (this.#isDamaged) return false;
    const before = this.faults.errorCount;
    const { rules } = this;
    if (this.count > rules.length) {
      const message = `The segment has ${this.count} elements; ${this.id} has at most ${rules.length}.`;
      this.fault('E_ELEMENTS', rules.length + 1, message);
    }
    for (let n = 1; n <= rules.length; n++) {
      const rule = rules[n - 1] as ElementRule;
      const length = n > this.count ? 0 : (this.ends[n] as number) - (this.starts[n] as number);
      if (length === 0) {
        if (rule.isRequired) this.fault('E_REQUIRED', n, `The ${rule.name} is empty.`);
      } else if (length < rule.min) {
        this.fault('E_SHORT', n, `The ${rule.name} has at least ${rule.min} characters.`);
      } else if (length > rule.max) {
        this.fault('E_LONG', n, `The ${rule.name} has at most ${rule.max} characters.`);
      }
    }
    return this.faults.errorCount === before;
  }

  /** A fault of element n, from 1; of the whole segment when n is 0. */
  fault(code: X12FaultCode, n: number, message: string, at?: number): void {
    const isElement = n > 0 && n <= Math.min(this.count, maxKeptElements);
    const start = at ?? (isElement ? (this.starts[n] as number) : n > 0 ? this.end : this.start);
    const end = at === undefined && isElement ? (this.ends[n] as number) : this.end;
    const text = toFaultText(this.bytes, start, at === undefined ? end : at + 1);
    this.#add(code, n, { line: this.number, byteOffset: this.fileOffset + start, text, message }, this);
  }

  /** A fault of a segment that is not there; it shows at this one, or at an earlier one of the set. */
  missing(code: X12FaultCode, id: string, message: string, place?: SegmentPlace): void {
    const text = place === undefined ? toFaultText(this.bytes, this.start, this.end) : '';
    const shown = place ?? this.placeOf();
    this.#add(code, 0, { line: shown.number, byteOffset: shown.byteOffset, text, message }, shown, id);
  }

  /** A fault of an earlier segment of the set, whose place was kept. */
  faultAt(code: X12FaultCode, place: SegmentPlace, text: string, message: string): void {
    const { number: line, byteOffset, element } = place;
    this.#add(code, element, { line, byteOffset, text, message }, place);
  }

  /** The place of the segment, or of its element n, for faults that show later. */
  placeOf(n = 0): SegmentPlace {
    const { number, position, id } = this;
    return { number, position, id, element: n, byteOffset: this.fileOffset + (this.starts[n] as number) };
  }

  #add(
    code: X12FaultCode,
    n: number,
    found: { line: number; byteOffset: number; text: string; message: string },
    { id, position }: Pick<SegmentPlace, 'id' | 'position'>,
    segmentId = id,
  ): void {
    const { level } = x12FaultTable[code];
    const rule = segmentRules.get(id)?.[n - 1];
    const shown = /^[A-Z0-9]{2,3}$/.test(id) ? id : 'segment';
    const field = n === 0 ? shown : `${shown}${String(n).padStart(2, '0')}${rule ? ` ${rule.name}` : ''}`;
    this.faults.add(code, { ...found, field, fieldNumber: n });
    if (level === 'note') return;
    const isWarning = level === 'warning';
    if (isWarning) this.warnings++;
    const dataElement = rule?.dataElement ?? '';
    this.onSetError?.({ code, isWarning, segmentId, position, element: n, dataElement, text: found.text });
  }
}

/** Where a segment stood. */
export interface SegmentPlace {
  readonly number: number;
  readonly position: number;
  readonly id: string;
  /** From 1; 0 for the whole segment. */
  readonly element: number;
  readonly byteOffset: number;
}
