import type { TLSSocket } from 'node:tls';

const maxLingerMs = 2_000;

/**
 * Has a connection closed in the way that lets the last answer arrive: our side ends, what the client still sends is
 * taken and dropped for a short while, then it is closed. Closing at once with bytes unread would make the client's
 * system throw the answer away; and a client that died shows in that while by a reset.
 */
export function lingerOnClose(socket: TLSSocket): void {
  socket.destroySoon = () => {
    if (socket.writable) socket.end();
    const timer = setTimeout(() => socket.destroy(), maxLingerMs);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  };
}
