import { type Separators, usualSeparators } from './separators.ts';

const lineBreak = '\r\n';

/** Writes segments, counts them, and cannot write a separator into a value. */
export class SegmentWriter {
  readonly separators: Separators;
  readonly #element: string;
  readonly #end: string;
  readonly #reserved: RegExp;
  readonly #pieces: string[] = [];
  /** Segments written so far. */
  count = 0;

  constructor(separators: Separators = usualSeparators) {
    this.separators = separators;
    const { element, component, terminator } = separators;
    this.#element = String.fromCharCode(element);
    // A line break after the terminator makes a file readable, and is the terminator in some.
    const isLineEnd = terminator === 0x0a || terminator === 0x0d;
    this.#end = isLineEnd
      ? String.fromCharCode(terminator)
      : `${String.fromCharCode(terminator)}${lineBreak}`;
    const codes = [element, component, terminator].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
    this.#reserved = new RegExp(`[${codes.join('')}]|[^\\x20-\\x7e]`);
  }

  /** Whether the text can be a value: printable ASCII without a separator. */
  canHold(text: string): boolean {
    return !this.#reserved.test(text);
  }

  /**
   * Adds a segment; empty elements at its end are left out.
   *
   * @throws when a value holds a separator: whoever writes has to look before
   */
  add(...elements: readonly string[]): void {
    let length = elements.length;
    while (length > 1 && elements[length - 1] === '') length--;
    const used = elements.slice(0, length);
    const bad = elements[0] === 'ISA' ? undefined : used.find((text) => !this.canHold(text));
    if (bad !== undefined) throw new Error(`Cannot write X12: ${JSON.stringify(bad)} holds a separator`);
    this.#pieces.push(used.join(this.#element), this.#end);
    this.count++;
  }

  /** The bytes written since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.from(this.#pieces.join(''), 'latin1');
    this.#pieces.length = 0;
    return bytes;
  }
}
