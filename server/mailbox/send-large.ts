import type { ServerResponse } from 'node:http';
import type { StoredFile } from '../../storage/ports/file-store.ts';
import type { ByteRange } from './range.ts';

/** A slow reader costs one chunk of the least size, a fast one gets the speed of the largest. */
const leastChunk = 64 * 1024;
const mostChunk = 1024 * 1024;

/**
 * What must go fast at one size before the next larger one: more than the buffers of two systems between hold, for
 * until those are full every reader looks fast.
 */
const proofBytes = 8 * 1024 * 1024;

/**
 * Sends a range of a file and ends the response. One buffer and one chunk in flight: the chunk grows while the
 * client takes each at once and falls back to the least when it does not, so that memory follows speed.
 *
 * @returns how many bytes were handed to the operating system; fewer than the range when the connection broke
 */
export async function sendLarge(res: ServerResponse, file: StoredFile, range: ByteRange): Promise<number> {
  const flow = new Flow(res);
  let buffer = Buffer.allocUnsafeSlow(leastChunk);
  let position = range.start;
  let fastBytes = 0;
  while (position < range.end) {
    const chunk = buffer.subarray(0, Math.min(buffer.length, range.end - position));
    const count = await file.read(chunk, position);
    if (count !== chunk.length)
      throw new Error(`Cannot send file: it ends at ${position + count}, not ${range.end}`);
    const pace = await flow.write(chunk);
    if (pace === 'broken') return position - range.start;
    position += count;
    fastBytes = pace === 'fast' ? fastBytes + count : 0;
    const size = toNextSize(buffer.length, pace === 'fast', fastBytes);
    if (size === buffer.length) continue;
    buffer = Buffer.allocUnsafeSlow(size);
    fastBytes = 0;
  }
  res.end();
  return position - range.start;
}

function toNextSize(size: number, isFast: boolean, fastBytes: number): number {
  if (!isFast) return leastChunk;
  return fastBytes < proofBytes ? size : Math.min(size * 4, mostChunk);
}

/** Writes one chunk at a time and tells how the other side took it. */
class Flow {
  readonly #res: ServerResponse;
  #isBroken = false;
  #wake: () => void = () => undefined;

  constructor(res: ServerResponse) {
    this.#res = res;
    res.once('close', () => {
      this.#isBroken = true;
      this.#wake();
    });
  }

  /**
   * Resolves when the operating system has the whole chunk, so that its buffer may be used again: `fast` when that
   * was within a turn of the event loop, because there was room for all of it.
   */
  async write(chunk: Buffer): Promise<'fast' | 'slow' | 'broken'> {
    // A client whose side has ended is not there to read what comes now.
    if (this.#isBroken || this.#res.destroyed || this.#res.req.socket.readableEnded) return 'broken';
    let isFlushed = false;
    let isSlow = false;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#res.write(chunk, (error) => {
        isFlushed = !error;
        resolve();
      });
      setImmediate(() => {
        setImmediate(() => {
          isSlow = !isFlushed;
        });
      });
    });
    if (!isFlushed) return 'broken';
    return isSlow ? 'slow' : 'fast';
  }
}
