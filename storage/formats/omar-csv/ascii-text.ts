/** Bytes beyond its end that a text may touch when it is written or compared. */
export const textSlack = 3;

/**
 * A short text in ASCII that is written, or held against bytes, four bytes at a time: one by one takes twice as long.
 */
export class AsciiText {
  readonly length: number;
  readonly #words: readonly number[];
  readonly #lastMask: number;

  constructor(text: string) {
    this.length = text.length;
    // Beyond the text a code is NaN, which becomes zero bits.
    const words: number[] = [];
    for (let at = 0; at < text.length; at += 4) {
      const high = (text.charCodeAt(at) << 24) | (text.charCodeAt(at + 1) << 16);
      words.push(high | (text.charCodeAt(at + 2) << 8) | (text.charCodeAt(at + 3) << 0));
    }
    this.#words = words;
    this.#lastMask = -1 << (8 * (4 * this.#words.length - text.length));
  }

  /** Writes the text, and up to {@link textSlack} zeros after it. Gives the place after the text. */
  write(view: DataView, at: number): number {
    const words = this.#words;
    for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i] as number);
    return at + this.length;
  }

  /** Whether the text stands at `at`; the view goes on for {@link textSlack} bytes after it. */
  isAt(view: DataView, at: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    if (last === -1) return true;
    for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i) !== words[i]) return false;
    return (view.getInt32(at + 4 * last) & this.#lastMask) === words[last];
  }
}
