import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FileKey, FileStore, Root } from '../../storage/ports/file-store.ts';
import type { RetrievalOpening, Retrievals } from '../../storage/ports/retrievals.ts';
import type { Metrics } from '../metrics.ts';
import { FileCache, smallBytes } from './file-cache.ts';
import type { ByteRange } from './range.ts';
import { sendLarge } from './send-large.ts';

export interface Transfer {
  readonly status: 200 | 206;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly root: Root;
  readonly key: FileKey;
  /** Size of the whole representation. */
  readonly bytes: number;
  readonly range: ByteRange;
  readonly opening: RetrievalOpening;
}

interface Deps {
  readonly retrievals: Pick<Retrievals, 'openRetrieval' | 'endRetrieval'>;
  readonly files: Pick<FileStore, 'open'>;
  readonly metrics: Pick<Metrics, 'countRetrieval'>;
  /** Told when an end could not be put on record; the sweep will call such a retrieval interrupted. */
  readonly onError: (error: unknown) => void;
}

interface Sent {
  readonly retrieval: number;
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
}

/** How long a connection must stay whole after the last byte was handed over. */
const settleMs = 1_000;

/**
 * Sends files and keeps the record of it true (LOG-1, invariant 6). The record is opened before the first byte and
 * ended with what is known at the end. That all bytes were handed to the operating system does not end it: a client
 * that died with most of them unread answers with a reset a moment later. So a retrieval counts as sent when the
 * connection goes on (its next request), closes in order, or is still whole after a second.
 */
export class Transfers {
  readonly #deps: Deps;
  readonly #cache = new FileCache();
  readonly #sent = new WeakMap<Socket, Sent>();
  readonly #watched = new WeakSet<Socket>();
  /** Retrievals whose end is not on record. */
  #open = 0;
  #whenIdle: () => void = () => undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Opens the record and sends the file; resolves when the response is under way (small files) or over (large ones).
   *
   * @throws what opening the record or the file threw, before anything was sent; when the file is shorter than its
   *   row says, possibly after
   */
  async send(res: ServerResponse, transfer: Transfer): Promise<void> {
    const { start, end } = transfer.range;
    await (end - start <= smallBytes ? this.#sendSmall(res, transfer) : this.#sendLarge(res, transfer));
  }

  /** Says that the connection went on: what was sent on it before was taken. Call at the start of every request. */
  settle(socket: Socket, isWhole = true): void {
    const sent = this.#sent.get(socket);
    if (sent === undefined) return;
    this.#sent.delete(socket);
    clearTimeout(sent.timer);
    this.#end(sent.retrieval, sent.bytes, isWhole);
  }

  /** Resolves when every end that is known is on record; for an orderly stop, after the last connection closed. */
  async finish(): Promise<void> {
    if (this.#open === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  async #sendSmall(res: ServerResponse, transfer: Transfer): Promise<void> {
    const opened = this.#begin(transfer.opening);
    const reading = this.#read(transfer);
    try {
      await Promise.all([opened, reading]);
    } catch (error) {
      // A record without a transfer reads interrupted; if the record is what failed, `error` says so already.
      opened.then(
        (retrieval) => this.#end(retrieval, 0, false),
        () => undefined,
      );
      throw error;
    }
    const retrieval = await opened;
    const chunk = await reading;
    if (res.destroyed) return this.#end(retrieval, 0, false);
    res.once('close', () => this.#close(res, retrieval, res.writableFinished ? chunk.length : 0));
    res.writeHead(transfer.status, transfer.headers).end(chunk);
  }

  #read({ root, key, range, bytes }: Transfer): Promise<Buffer> | Buffer {
    if (bytes > smallBytes) return readRange(this.#deps.files, { root, key, range });
    const kept = this.#cache.find(key);
    if (kept !== undefined) return kept.subarray(range.start, range.end);
    return readRange(this.#deps.files, { root, key, range: { start: 0, end: bytes } }).then((whole) => {
      this.#cache.keep(key, whole);
      return whole.subarray(range.start, range.end);
    });
  }

  async #sendLarge(res: ServerResponse, transfer: Transfer): Promise<void> {
    const file = await this.#deps.files.open(transfer.root, transfer.key);
    try {
      const retrieval = await this.#begin(transfer.opening);
      let bytes = 0;
      try {
        if (!res.destroyed) {
          res.writeHead(transfer.status, transfer.headers);
          bytes = await sendLarge(res, file, transfer.range);
        }
      } finally {
        if (res.closed || !res.writableEnded) this.#close(res, retrieval, bytes);
        else res.once('close', () => this.#close(res, retrieval, bytes));
      }
    } finally {
      await file.close();
    }
  }

  async #begin(opening: RetrievalOpening): Promise<number> {
    const retrieval = await this.#deps.retrievals.openRetrieval(opening);
    this.#open += 1;
    return retrieval;
  }

  #close(res: ServerResponse, retrieval: number, bytes: number): void {
    const socket = res.req.socket;
    if (!res.writableFinished || socket.destroyed) {
      this.#end(retrieval, bytes, res.writableFinished && socket.errored === null);
      return;
    }
    this.#watch(socket);
    // A response may close after the next request of its connection began: then the next close settles it.
    this.settle(socket);
    const timer = setTimeout(() => this.settle(socket), settleMs);
    this.#sent.set(socket, { retrieval, bytes, timer });
  }

  #watch(socket: Socket): void {
    if (this.#watched.has(socket)) return;
    this.#watched.add(socket);
    socket.once('close', (hadError) => this.settle(socket, !hadError));
  }

  #end(retrieval: number, bytesSent: number, isWhole: boolean): void {
    this.#deps.metrics.countRetrieval(isWhole ? 'sent' : 'interrupted', bytesSent);
    this.#deps.retrievals
      .endRetrieval(retrieval, { bytesSent, isWhole })
      .catch(this.#deps.onError)
      .finally(() => {
        this.#open -= 1;
        if (this.#open === 0) this.#whenIdle();
      });
  }
}

async function readRange(
  files: Deps['files'],
  { root, key, range }: Pick<Transfer, 'root' | 'key' | 'range'>,
): Promise<Buffer> {
  const file = await files.open(root, key);
  try {
    const chunk = Buffer.allocUnsafeSlow(range.end - range.start);
    const count = await file.read(chunk, range.start);
    if (count !== chunk.length) throw new Error(`Cannot send file ${key}: it ends at ${range.start + count}`);
    return chunk;
  } finally {
    await file.close();
  }
}
