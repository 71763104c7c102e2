import { once } from 'node:events';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { pipeline, Readable } from 'node:stream';
import tls from 'node:tls';

/** Who calls whom: the authority that the server must be from, and the caller's certificate if it has one. */
export interface Caller {
  readonly authority: { readonly certificatePem: string };
  readonly certificate?: { readonly certificatePem: string; readonly keyPem: string };
}

export interface RequestOptions extends Caller {
  readonly headers?: OutgoingHttpHeaders;
  /** A stream goes out chunked unless the headers say a length. */
  readonly body?: string | Buffer | Readable;
  /** For several requests on one connection; by default each has its own. */
  readonly agent?: https.Agent;
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const defaultTimeoutMs = 20_000;

/** The TLS options of a caller: the server's certificate is verified, always. */
function toTlsOptions({ authority, certificate }: Caller): tls.ConnectionOptions {
  return {
    ca: authority.certificatePem,
    rejectUnauthorized: true,
    ...(certificate && { cert: certificate.certificatePem, key: certificate.keyPem }),
  };
}

/**
 * One HTTPS request and its whole answer, exactly as sent: no redirects, no decoding.
 *
 * @param url `https://localhost:PORT/path`; the path goes out as it stands only if it is a normal one: for path
 *   tricks use `connectTls`
 * @throws when the connection breaks before the answer is whole, or after `timeoutMs`
 */
export async function request(method: string, url: string, options: RequestOptions): Promise<Answer> {
  const { headers = {}, body, agent = false, timeoutMs = defaultTimeoutMs } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const outgoing = https.request(url, { method, headers, agent, signal, ...toTlsOptions(options) });
  const answered = once(outgoing, 'response', { signal });
  // What breaks the sending breaks the answer too; or the server has answered and wants no more of the body.
  if (body instanceof Readable) pipeline(body, outgoing, () => undefined);
  else outgoing.end(body);
  const [incoming] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return { status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(chunks) };
}

/**
 * A bare TLS connection, for requests that no client library would send and for answers that are read in part.
 *
 * @returns the socket after the hand-shake, not flowing; the caller destroys it
 */
export async function connectTls(port: number, caller: Caller): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...toTlsOptions(caller) });
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(defaultTimeoutMs) });
  // A connection that breaks while nobody reads is seen by the next read, it does not end the test run.
  socket.on('error', () => socket.destroy());
  return socket;
}

/**
 * Reads until `count` bytes are there, and then no further: the rest stays with the server and the kernels between.
 *
 * @returns `count` bytes, or fewer when the connection ended or broke before (`socket.errored` tells which)
 */
export async function readBytes(socket: tls.TLSSocket, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const deadline = AbortSignal.timeout(defaultTimeoutMs);
  for (let missing = count; missing > 0; ) {
    const chunk: Buffer | null = socket.read(Math.min(missing, socket.readableLength || 1));
    if (chunk !== null) {
      chunks.push(chunk);
      missing -= chunk.length;
    } else {
      if (socket.readableEnded || socket.destroyed) break;
      const waiting = new AbortController();
      const signal = AbortSignal.any([deadline, waiting.signal]);
      await Promise.race([once(socket, 'readable', { signal }), once(socket, 'close', { signal })])
        .catch((error) => {
          if (socket.errored === null) throw error;
        })
        .finally(() => waiting.abort());
    }
  }
  return Buffer.concat(chunks);
}

/** Everything that still comes, as text, until the server closes the connection. */
export async function readToEnd(socket: tls.TLSSocket): Promise<string> {
  return (await readBytes(socket, Number.MAX_SAFE_INTEGER)).toString('latin1');
}
