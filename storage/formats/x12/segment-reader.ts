import type { Separators } from './separators.ts';

/** Characters of an ISA with its terminator. */
export const isaBytes = 106;
/** Longest segment, its terminator not counted: several times what any segment of an 867 or 997 can hold. */
export const maxSegmentBytes = 2_048;

const lf = 0x0a;
const cr = 0x0d;

export interface SegmentHandler {
  /**
   * The first 106 bytes of an interchange, fewer at the end of the file. Gives its separators, or nothing when they
   * cannot be told: then the rest of the file is passed over.
   */
  onInterchange(bytes: Buffer, length: number, fileOffset: number): Separators | undefined;
  /** One segment `bytes[start, end)`; `bytes[0]` stands at `fileOffset`. To be used only until the call returns. */
  onSegment(bytes: Buffer, start: number, end: number, fileOffset: number): void;
  /** A segment longer than the limit, of which only the beginning is known. Called once for it. */
  onLongSegment(bytes: Buffer, start: number, end: number, fileOffset: number): void;
  /** May take whole plain segments from `at` on, where they lie; gives where the next one starts. */
  takeRun(bytes: Buffer, at: number): number;
}

/**
 * Cuts chunks into segments by the separators of each interchange; line breaks between segments are passed over. Only
 * a segment cut by a chunk's end is copied; one beyond the limit is passed over without being kept.
 */
export class SegmentReader {
  readonly #handler: SegmentHandler;
  readonly #kept = Buffer.alloc(maxSegmentBytes + 1);
  #keptBytes = 0;
  #isSkipping = false;
  #isLost = false;
  #terminator = 0;
  #offset = 0;
  /** Whether the next thing is an ISA: at the beginning, and once the handler has seen an IEA. */
  expectsInterchange = true;

  constructor(handler: SegmentHandler) {
    this.#handler = handler;
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#offset;
  }

  push(chunk: Uint8Array): void {
    // One class for every chunk: engines slow down where Buffers and plain arrays alternate.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length && !this.#isLost) {
      if (this.expectsInterchange) at = this.#takeInterchange(bytes, at);
      else if (this.#keptBytes > 0 || this.#isSkipping) at = this.#finishKept(bytes, at);
      else at = this.#takeSegments(bytes, at);
    }
    this.#offset += bytes.length;
  }

  /** Ends the file; gives what of a last segment has no terminator. */
  end(): { bytes: Buffer; fileOffset: number } | undefined {
    if (this.#keptBytes === 0 || this.#isLost) return undefined;
    const fileOffset = this.#offset - this.#keptBytes;
    if (!this.expectsInterchange) return { bytes: this.#kept.subarray(0, this.#keptBytes), fileOffset };
    this.#handler.onInterchange(this.#kept, this.#keptBytes, fileOffset);
    return undefined;
  }

  #takeInterchange(bytes: Buffer, start: number): number {
    let at = start;
    if (this.#keptBytes === 0) while (bytes[at] === lf || bytes[at] === cr) at++;
    const copied = bytes.copy(this.#kept, this.#keptBytes, at, at + isaBytes - this.#keptBytes);
    this.#keptBytes += copied;
    at += copied;
    if (this.#keptBytes < isaBytes) return at;
    const separators = this.#handler.onInterchange(this.#kept, isaBytes, this.#offset + at - isaBytes);
    this.#keptBytes = 0;
    this.#isLost = separators === undefined;
    this.#terminator = separators?.terminator ?? 0;
    this.expectsInterchange = false;
    return at;
  }

  #takeSegments(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && !this.expectsInterchange) {
      const byte = bytes[at];
      if (byte === lf || byte === cr) {
        at++;
        continue;
      }
      const next = this.#handler.takeRun(bytes, at);
      if (next > at) {
        at = next;
        continue;
      }
      const end = bytes.indexOf(this.#terminator, at);
      if (end === -1) return this.#keep(bytes, at, bytes.length);
      this.#hand(bytes, at, end, this.#offset);
      at = end + 1;
    }
    return at;
  }

  /** Joins the chunk's beginning to a segment begun earlier. */
  #finishKept(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(this.#terminator, at);
    const isWhole = end !== -1;
    const next = isWhole ? end : bytes.length;
    if (!this.#isSkipping) this.#keep(bytes, at, next);
    if (!isWhole) return next;
    const length = this.#keptBytes;
    const wasSkipping = this.#isSkipping;
    this.#keptBytes = 0;
    this.#isSkipping = false;
    if (!wasSkipping) this.#hand(this.#kept, 0, length, this.#offset + end - length);
    return end + 1;
  }

  #keep(bytes: Buffer, start: number, end: number): number {
    const fileOffset = this.#offset + start - this.#keptBytes;
    this.#keptBytes += bytes.copy(this.#kept, this.#keptBytes, start, end);
    if (this.#keptBytes > maxSegmentBytes) {
      this.#handler.onLongSegment(this.#kept, 0, this.#keptBytes, fileOffset);
      this.#keptBytes = 0;
      this.#isSkipping = true;
    }
    return end;
  }

  #hand(bytes: Buffer, start: number, end: number, fileOffset: number): void {
    if (end - start > maxSegmentBytes) this.#handler.onLongSegment(bytes, start, end, fileOffset);
    else this.#handler.onSegment(bytes, start, end, fileOffset);
  }
}
