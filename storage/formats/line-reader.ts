/** How a line ended: `cr` and `none` occur only at the end of a file. */
export type LineEnding = 'crlf' | 'lf' | 'cr' | 'none';

export interface LineHandler {
  /**
   * One line. Its text is `bytes[start, end)`, its record with the line end `bytes[start, next)`; `bytes[0]` stands
   * at `fileOffset` in the file. The bytes may be used only until the call returns.
   */
  onLine(
    bytes: Buffer,
    start: number,
    end: number,
    next: number,
    fileOffset: number,
    ending: LineEnding,
  ): void;
  /**
   * Takes the line that begins at `start`, before its end is looked for, where it is one that the handler expects.
   *
   * @param line its number, from 1
   * @returns the place after its end; -1 where it is another, which comes to `onLine` then
   */
  onExpectedLine?(bytes: Buffer, start: number, fileOffset: number, line: number): number;
  /** A line longer than the limit, of which only the beginning is known. Called once for it. */
  onLongLine(bytes: Buffer, start: number, end: number, fileOffset: number): void;
}

const lf = 0x0a;
const cr = 0x0d;

/**
 * Cuts chunks into lines at LF. A line inside one chunk is handed on where it lies; only a line cut by a chunk's end
 * is copied. A line beyond the limit is passed over without being kept, however long it is.
 */
export class LineReader {
  readonly #handler: LineHandler;
  readonly #maxTextBytes: number;
  readonly #kept: Buffer;
  #keptBytes = 0;
  #isSkipping = false;
  #offset = 0;
  /** The number of the line handed on last, from 1. */
  line = 0;

  /** @param maxTextBytes longest line, its end (LF or CR LF) not counted */
  constructor(maxTextBytes: number, handler: LineHandler) {
    this.#handler = handler;
    this.#maxTextBytes = maxTextBytes;
    this.#kept = Buffer.allocUnsafe(maxTextBytes + 2);
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#offset;
  }

  push(chunk: Uint8Array): void {
    // One class for every chunk: engines slow down where Buffers and plain arrays alternate.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = this.#keptBytes > 0 || this.#isSkipping ? this.#finishKept(bytes) : 0;
    for (;;) {
      const next = this.#handler.onExpectedLine?.(bytes, at, this.#offset, this.line + 1) ?? -1;
      if (next !== -1) {
        this.line++;
        at = next;
        continue;
      }
      const end = bytes.indexOf(lf, at);
      if (end === -1) break;
      this.#hand(bytes, at, end + 1, this.#offset);
      at = end + 1;
    }
    if (at < bytes.length) this.#keep(bytes, at, bytes.length, this.#offset + at);
    this.#offset += bytes.length;
  }

  end(): void {
    if (this.#keptBytes === 0) return;
    this.#hand(this.#kept, 0, this.#keptBytes, this.#offset - this.#keptBytes);
    this.#keptBytes = 0;
  }

  /** Joins the chunk's beginning to a line begun earlier; gives where the next line starts. */
  #finishKept(bytes: Buffer): number {
    const end = bytes.indexOf(lf);
    const next = end === -1 ? bytes.length : end + 1;
    if (!this.#isSkipping) {
      const lineOffset = this.#offset - this.#keptBytes;
      this.#keep(bytes, 0, next, lineOffset);
      if (end !== -1 && this.#keptBytes > 0) this.#hand(this.#kept, 0, this.#keptBytes, lineOffset);
    }
    if (end !== -1) {
      this.#isSkipping = false;
      this.#keptBytes = 0;
    }
    return next;
  }

  #keep(bytes: Buffer, start: number, end: number, lineOffset: number): void {
    const room = this.#kept.length - this.#keptBytes;
    this.#keptBytes += bytes.copy(this.#kept, this.#keptBytes, start, Math.min(end, start + room));
    if (end - start <= room) return;
    this.line++;
    this.#handler.onLongLine(this.#kept, 0, this.#keptBytes, lineOffset);
    this.#keptBytes = 0;
    this.#isSkipping = true;
  }

  #hand(bytes: Buffer, start: number, next: number, fileOffset: number): void {
    const hasLf = bytes[next - 1] === lf;
    const beforeLf = hasLf ? next - 1 : next;
    const hasCr = beforeLf > start && bytes[beforeLf - 1] === cr;
    const end = hasCr ? beforeLf - 1 : beforeLf;
    const ending: LineEnding = hasLf ? (hasCr ? 'crlf' : 'lf') : hasCr ? 'cr' : 'none';
    this.line++;
    if (end - start > this.#maxTextBytes) this.#handler.onLongLine(bytes, start, end, fileOffset + start);
    else this.#handler.onLine(bytes, start, end, next, fileOffset, ending);
  }
}
