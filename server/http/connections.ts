import type { IncomingMessage, ServerResponse } from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** The open connections of a server and what each is at, so that an orderly stop can tell idle from busy. */
export class Connections {
  /** As they were accepted, those still in the hand-shake included. */
  readonly #accepted = new Set<Socket>();
  readonly #secured = new Set<TLSSocket>();
  readonly #newest = new WeakMap<Duplex, ServerResponse>();
  readonly #ending = new WeakSet<TLSSocket>();
  #isStopping = false;

  /** @param onCount told how many there are, whenever that changes */
  constructor(server: https.Server, onCount: (count: number) => void) {
    server.on('connection', (socket: Socket) => {
      this.#accepted.add(socket);
      onCount(this.#accepted.size);
      socket.once('close', () => {
        this.#accepted.delete(socket);
        onCount(this.#accepted.size);
      });
    });
    server.on('secureConnection', (socket) => {
      this.#secured.add(socket);
      socket.once('close', () => this.#secured.delete(socket));
    });
  }

  /** Says that a request has begun. */
  begin(req: IncomingMessage, res: ServerResponse): void {
    this.#newest.set(req.socket, res);
  }

  /** The response begun last on a connection. */
  findNewest(socket: Duplex): ServerResponse | undefined {
    return this.#newest.get(socket);
  }

  /** Whether nothing more is expected on a connection: all that was asked is answered, and no stop waits for it. */
  isQuiet(socket: Duplex): boolean {
    const newest = this.#newest.get(socket);
    return !this.#isStopping && newest?.writableFinished === true && newest.req.complete;
  }

  /**
   * Ends a connection on which nothing has moved for as long as it may: one that was answered so that a client that is
   * still there can end it too, any other at once.
   */
  endIdle(socket: TLSSocket): void {
    if (this.isQuiet(socket) && !socket.writableEnded) socket.destroySoon();
    else socket.destroy();
  }

  /**
   * For a stop: closes those on which no request is being answered, and from now on each as soon as it is answered.
   * Node's own `closeIdleConnections` spares the ones that never asked.
   */
  closeIdle(): void {
    this.#isStopping = true;
    for (const socket of this.#secured) {
      const newest = this.#newest.get(socket);
      if (newest === undefined) socket.destroy();
      else if (newest.writableFinished && !this.#ending.has(socket)) {
        this.#ending.add(socket);
        socket.destroySoon();
      }
    }
  }

  /** Closes all, whatever they are at. */
  cut(): void {
    for (const socket of this.#accepted) socket.destroy();
  }
}
