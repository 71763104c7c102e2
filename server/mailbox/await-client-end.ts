import type { Socket } from 'node:net';

/**
 * How long the client may take to end its side before we end ours, and how long after its end a reset may still be on
 * its way: several round trips.
 */
const patienceMs = 1_000;

/**
 * Tells that a client ended its side in order, having left nothing unread.
 *
 * An end alone does not say so. Who closes with bytes unread may say goodbye in TLS first, and who is killed while
 * bytes are on the way ends in order too; a reset follows, but Node reads nothing after an end. So our own end is held
 * back until a while after the client's, and then the system is asked whether the other side is still there: after a
 * reset it knows of none. Nor does an early end of ours lie unread with a client that has all it wants, whose closing
 * would then be a reset. Where the client waits for our end, its own after it is all that can be known.
 *
 * @param isAwaited whether anybody wants to know it: else the connection ends at once
 * @param onEnd called at most once
 */
export function awaitClientEnd(socket: Socket, isAwaited: () => boolean, onEnd: () => void): void {
  const end = socket.end.bind(socket) as (...given: unknown[]) => Socket;
  let held: NodeJS.Timeout | undefined;
  const goOn = () => {
    if (socket.readableEnded && hasPeer(socket)) onEnd();
    end();
  };
  // Node's http ends a connection by this call: after the last answer, and when the client has ended.
  socket.end = (...given: unknown[]) => {
    if (given.length > 0 || socket.writableEnded || !isAwaited()) return end(...given);
    held ??= setTimeout(goOn, patienceMs);
    return socket;
  };
  socket.once('end', () => {
    if (socket.writableEnded) onEnd();
    else held?.refresh();
  });
  socket.once('close', () => clearTimeout(held));
}

/**
 * Whether the system has another side for this connection. The socket below TLS is asked, and nobody else may ask it:
 * Node remembers an address that it once found. Without that socket nothing is known, and nothing is claimed.
 */
function hasPeer(socket: Socket): boolean {
  const { _parent: below } = socket as Socket & { readonly _parent?: Socket };
  return below?.remoteAddress !== undefined;
}
