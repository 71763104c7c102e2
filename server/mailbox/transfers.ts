import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FileKey, FileStore, Root } from '../../storage/ports/file-store.ts';
import type { RetrievalOpening, Retrievals } from '../../storage/ports/retrievals.ts';
import type { Metrics } from '../metrics.ts';
import { awaitClientEnd } from './await-client-end.ts';
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

/** The transfers of one connection whose ends are not known. */
interface Line {
  running: number;
  /** Their bytes have all left; whether they arrived is not known yet. */
  readonly sent: { readonly retrieval: number; readonly bytes: number }[];
}

/**
 * Sends files and keeps the record of it true (LOG-1, invariant 6). The record is opened before the first byte and
 * ended with what is known at the end. That all bytes were handed to the operating system does not end it: a client
 * may die with most of them unread, seconds or minutes later, and only then is that seen. So a retrieval counts as sent
 * when, after its last byte had left, the connection brings the next request or the client ends it in order;
 * when the connection closes in any other way it was interrupted.
 */
export class Transfers {
  readonly #deps: Deps;
  readonly #cache = new FileCache();
  readonly #lines = new WeakMap<Socket, Line>();
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

  /** Says that the connection went on: what had left on it before was taken. Call at the start of every request. */
  settle(socket: Socket, isWhole = true): void {
    const sent = this.#lines.get(socket)?.sent.splice(0) ?? [];
    for (const { retrieval, bytes } of sent) this.#end(retrieval, bytes, isWhole);
  }

  /** Resolves when every end that is known is on record; for an orderly stop, after the last connection closed. */
  async finish(): Promise<void> {
    if (this.#open === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  async #sendSmall(res: ServerResponse, transfer: Transfer): Promise<void> {
    const opened = this.#begin(res, transfer.opening);
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
    // Who ended before the last byte left can give no sign afterwards.
    const canTell = !res.req.socket.readableEnded;
    res.once('close', () => {
      if (canTell) this.#close(res, retrieval, res.writableFinished ? chunk.length : 0);
      else this.#end(retrieval, chunk.length, false);
    });
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
      const retrieval = await this.#begin(res, transfer.opening);
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

  async #begin(res: ServerResponse, opening: RetrievalOpening): Promise<number> {
    const line = this.#toLine(res.req.socket);
    const retrieval = await this.#deps.retrievals.openRetrieval(opening);
    this.#open += 1;
    line.running += 1;
    res.once('close', () => {
      line.running -= 1;
    });
    return retrieval;
  }

  #close(res: ServerResponse, retrieval: number, bytes: number): void {
    const { socket } = res.req;
    if (!res.writableFinished || socket.destroyed) this.#end(retrieval, bytes, false);
    else this.#toLine(socket).sent.push({ retrieval, bytes });
  }

  #toLine(socket: Socket): Line {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { running: 0, sent: [] };
    this.#lines.set(socket, line);
    awaitClientEnd(
      socket,
      () => line.running > 0 || line.sent.length > 0,
      () => this.settle(socket),
    );
    socket.once('close', () => this.settle(socket, false));
    return line;
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
