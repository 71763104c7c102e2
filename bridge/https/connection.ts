import type { Dispatcher } from 'undici';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { type Link, type LinkSettings, openLink } from './link.ts';
import { toText } from './text.ts';

/** What of an answer comes before its body. */
export interface AnswerHead {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One whole answer of the ISO's server. */
export interface Answer extends AnswerHead {
  /** Empty where a sink took them. */
  readonly bytes: Buffer;
}

/** Takes the body of an answer while it comes. Only when the exchange has ended as `answered` has all of it come. */
export interface Sink {
  /** Whoever sends more is cut. */
  readonly maxBytes: number;
  /** A chunk is good until the call returns. */
  take(chunk: Buffer): void;
}

/**
 * What became of one request. `not-sent`: no byte of it was handed to a socket. `cut`: bytes may have reached the
 * other side, and no whole answer came back.
 */
export type Exchange =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'not-sent'; readonly why: string }
  | { readonly kind: 'cut'; readonly why: string };

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Chooses by its head whether the answer goes to a sink; its end must then be told by a length or by chunks. */
  readonly toSink?: (head: AnswerHead) => Sink | undefined;
}

export interface ExchangeLimits {
  /** Aborted when the exchange has taken too long. */
  readonly signal: AbortSignal;
  /** From this instant on the request is not sent any more, even if the process stood still until after it. */
  readonly sendBeforeAt?: Instant;
}

/** A connection of its own for one visit, so that no request meets one that the other side has given up meanwhile. */
interface Connection {
  /** One request, one answer; redirects are answers. Never repeats; throws nothing but what a sink throws. */
  exchange(request: ExchangeRequest, limits: ExchangeLimits): Promise<Exchange>;
  close(): Promise<void>;
}

export interface ConnectorSettings extends LinkSettings {
  readonly clock: Clock;
  /** Whoever sends more is not the ISO's application: the answer is cut. */
  readonly maxAnswerBytes: number;
  /** How an answer ends that has neither a length nor chunks, for only then is it known to be whole. */
  readonly end: RegExp;
}

export interface Connector {
  /** A connection that is made with its first exchange. */
  open(): Connection;
  /** Cuts every connection there is; those opened later cannot be used. */
  closeAll(): Promise<void>;
}

/** Makes connections to one server: TLS 1.2 or 1.3, the server's certificate always checked, HTTP/1.1. */
export function createConnector(settings: ConnectorSettings): Connector {
  const links = new Set<Link>();
  let isClosed = false;
  return {
    open() {
      const link = openLink(settings);
      links.add(link);
      if (isClosed) link.cut(new Error('the client is closed'));
      return {
        exchange: (request, limits) => exchange(link, settings, request, limits),
        close: async () => {
          links.delete(link);
          await link.client.destroy();
        },
      };
    },
    async closeAll() {
      isClosed = true;
      for (const link of links) link.cut(new Error('the client was closed'));
    },
  };
}

function exchange(
  link: Link,
  { clock, maxAnswerBytes, end }: ConnectorSettings,
  { toSink, ...request }: ExchangeRequest,
  { signal, sendBeforeAt }: ExchangeLimits,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    let isHanded = false;
    let answer: Answer | undefined;
    let sink: Sink | undefined;
    const chunks: Buffer[] = [];
    let received = 0;
    const settle = (outcome: Exchange) => {
      signal.removeEventListener('abort', cut);
      resolve(outcome);
    };
    /** A sink is ours: what fails in it is no word of the other side's. Thrown on, it ends the connection, too. */
    const ours = <T>(act: () => T): T => {
      try {
        return act();
      } catch (error) {
        reject(error);
        throw error;
      }
    };
    const fail = (error: Error) => settle({ kind: isHanded ? 'cut' : 'not-sent', why: toReason(error) });
    const cut = () => {
      fail(toError(signal.reason));
      link.cut(toError(signal.reason));
    };
    const handler: Dispatcher.DispatchHandler = {
      // undici calls this in the same turn as it writes: what fails before it has sent nothing.
      onRequestStart(controller) {
        if (sendBeforeAt !== undefined && clock.now() >= sendBeforeAt) {
          controller.abort(new Error('the deadline was over before the request was sent'));
          return;
        }
        isHanded = true;
      },
      onResponseStart(_controller, httpStatus, headers) {
        if (httpStatus < 200) return;
        answer = { httpStatus, headers, bytes: Buffer.alloc(0) };
        sink = ours(() => toSink?.({ httpStatus, headers }));
      },
      onResponseData(controller, chunk) {
        received += chunk.length;
        const maxBytes = sink?.maxBytes ?? maxAnswerBytes;
        if (received > maxBytes) controller.abort(new Error(`an answer over ${maxBytes} bytes`));
        else if (sink === undefined) chunks.push(chunk);
        else ours(() => sink?.take(chunk));
      },
      onResponseEnd() {
        if (answer === undefined) return settle({ kind: 'cut', why: 'an answer without a status' });
        const whole = { ...answer, bytes: Buffer.concat(chunks) };
        settle(
          isWhole(whole, end)
            ? { kind: 'answered', answer: whole }
            : { kind: 'cut', why: 'an answer without an end' },
        );
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    };
    if (signal.aborted) return fail(toError(signal.reason));
    signal.addEventListener('abort', cut, { once: true });
    link.client.dispatch(
      { ...request, body: request.body ?? null, headers: { ...request.headers } },
      handler,
    );
  });
}

/** Far more than the end of any answer takes. */
const maxEndBytes = 1_000;

/** Where only the end of the connection ends an answer, a cut one looks whole, unless the page itself says its end. */
function isWhole({ headers, bytes }: Answer, end: RegExp): boolean {
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return true;
  return end.test(toText(bytes.subarray(-maxEndBytes)));
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function toReason(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  const cause = error.cause instanceof Error ? ` (${toReason(error.cause)})` : '';
  return `${code}${error.message}${cause}`;
}
