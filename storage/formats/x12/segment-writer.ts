import { type Separators, usualSeparators } from './separators.ts';

const lineBreak = '\r\n';

/** Writes segments, counts them, and cannot write a separator into a value. */
export class SegmentWriter {
  readonly separators: Separators;
  readonly #element: string;
  readonly #end: string;
  readonly #pieces: string[] = [];
  /** Characters that `take` would give. */
  pending = 0;
  /** Segments written so far. */
  count = 0;

  constructor(separators: Separators = usualSeparators) {
    this.separators = separators;
    const { element, terminator } = separators;
    this.#element = String.fromCharCode(element);
    // A line break after the terminator makes a file readable, and is the terminator in some.
    const isLineEnd = terminator === 0x0a || terminator === 0x0d;
    this.#end = isLineEnd
      ? String.fromCharCode(terminator)
      : `${String.fromCharCode(terminator)}${lineBreak}`;
  }

  /** Whether the text can be a value: printable ASCII without a separator. */
  canHold(text: string): boolean {
    return this.#countSeparators(text) === 0;
  }

  /**
   * Adds a segment; empty elements at its end are left out.
   *
   * @throws when a value holds a separator: whoever writes has to look before
   */
  add(...elements: readonly string[]): void {
    let length = elements.length;
    while (length > 1 && elements[length - 1] === '') length--;
    const text = elements.slice(0, length).join(this.#element);
    if (elements[0] !== 'ISA' && this.#countSeparators(text) !== length - 1)
      throw new Error(`Cannot write X12: a value of ${JSON.stringify(text)} holds a separator`);
    this.#pieces.push(text, this.#end);
    this.pending += text.length + this.#end.length;
    this.count++;
  }

  /** Separators of elements in the text; NaN where it holds another one, or what is no printable ASCII. */
  #countSeparators(text: string): number {
    const { element, component, terminator } = this.separators;
    let count = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === element) count++;
      else if (code < 0x20 || code > 0x7e || code === component || code === terminator) return Number.NaN;
    }
    return count;
  }

  /** The bytes written since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.from(this.#pieces.join(''), 'latin1');
    this.#pieces.length = 0;
    this.pending = 0;
    return bytes;
  }
}
