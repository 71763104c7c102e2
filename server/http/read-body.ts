import type { IncomingMessage } from 'node:http';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerContext } from './context.ts';

/** How slowly a body may arrive before the sender is given up (slowloris). */
export interface Pace {
  /** A window of this many milliseconds … */
  readonly windowMs: number;
  /** … must bring at least this many bytes. */
  readonly minBytes: number;
}

/** Tells a client that waits for it (`Expect: 100-continue`) to send its body. Call when every check is done. */
export function acceptBody(ctx: ServerContext): void {
  if (ctx.req.headers.expect !== undefined) ctx.res.writeContinue();
}

/**
 * The body as it arrives, chunk by chunk, for one reader. What it cannot give whole it ends with an error.
 *
 * @throws `request-timeout` when the sender falls below `pace`; a reader that is slow is not the sender's fault
 * @throws `invalid-request` when the connection breaks before the end, or goes on after it with what is no request
 */
export async function* readBody(req: IncomingMessage, pace: Pace): AsyncGenerator<Uint8Array, void> {
  let wake: () => void = () => undefined;
  let failure: Error | undefined;
  const onChange = () => wake();
  const onFailure = (error: Error) => {
    failure ??= error;
    wake();
  };
  let isWaiting = false;
  const stopWatching = watchPace(req, pace, () => isWaiting, onFailure);
  req.on('readable', onChange).on('end', onChange).on('close', onChange).on('error', onFailure);
  try {
    for (;;) {
      const chunk: Buffer | null = req.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (failure instanceof MdmaError) throw failure;
      if (req.readableEnded) break;
      if (failure !== undefined || req.destroyed) throw toCutShort(failure);
      isWaiting = true;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      isWaiting = false;
    }
    await refuseTail(req);
  } finally {
    stopWatching();
    // The listener for errors stays: one that comes later must not end the process.
    req.off('readable', onChange).off('end', onChange).off('close', onChange);
  }
}

/**
 * Has `onSlow` called when a window has passed that brought too little, and we wait for more.
 *
 * @param isWaiting whether the reader would take more now; the sender is not to blame for a slow reader
 * @returns ends the watch
 */
export function watchPace(
  req: IncomingMessage,
  pace: Pace,
  isWaiting: () => boolean,
  onSlow: (error: MdmaError) => void,
): () => void {
  const { socket } = req;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const arrived = socket.bytesRead - before;
    before = socket.bytesRead;
    if (req.complete || !isWaiting() || arrived >= pace.minBytes) return;
    onSlow(
      new MdmaError(
        'request-timeout',
        `Cannot read body: ${arrived} bytes arrived in ${pace.windowMs} ms, at least ${pace.minBytes} are expected`,
      ),
    );
  }, pace.windowMs);
  return () => clearInterval(timer);
}

function toCutShort(cause: Error | undefined): MdmaError {
  return new MdmaError('invalid-request', 'Cannot read body: the connection broke before its end', { cause });
}

/**
 * What follows the declared length is read as the next request. Bytes that are none have broken the connection by
 * the next turn: then the length was wrong, and a file of that length is not what was meant.
 */
async function refuseTail({ socket }: IncomingMessage): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (socket.destroyed || socket.writableEnded) {
    throw new MdmaError('invalid-request', 'Cannot read body: it goes on after its declared length');
  }
}
