import type { TLSSocket } from 'node:tls';

const maxLingerMs = 3_000;

/**
 * Has a connection closed in the way that lets the last answer arrive: our side ends, what the client still sends is
 * taken and dropped, and when its side ends too it is closed. Closing at once with bytes unread would make the client's
 * system throw the answer away; and a client that died shows in that while by a reset. A connection that is quiet is
 * waited for as long as any other; one on which more may come, or that a stop waits for, for a short while.
 */
export function lingerOnClose(socket: TLSSocket, isQuiet: () => boolean): void {
  socket.destroySoon = () => {
    if (socket.writable) socket.end();
    if (isQuiet()) return;
    const timer = setTimeout(() => socket.destroy(), maxLingerMs);
    socket.once('close', () => clearTimeout(timer));
  };
}
