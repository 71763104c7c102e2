import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';

export interface CallerOptions {
  /** Address of the server, without a path. */
  readonly url: string;
  /** PEM of the authority that the server's certificate must be from; the ones Node trusts when undefined. */
  readonly authorityPem: string | undefined;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Somebody who calls the server with a client certificate; the server's certificate is always verified. */
export interface HttpsCaller {
  /**
   * One request and its whole answer.
   *
   * @param path with its query, as it goes out
   * @throws when no whole answer came: what the request did is not known then
   */
  call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer | Readable },
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** How long the server may take to answer once it has everything: it scans a posted file while it comes in. */
const answerTimeoutMs = 300_000;

export function createHttpsCaller({ url, authorityPem, certificatePem, keyPem }: CallerOptions): HttpsCaller {
  const dispatcher = new Agent({
    connect: {
      cert: certificatePem,
      key: keyPem,
      ...(authorityPem === undefined ? {} : { ca: authorityPem }),
    },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });
  return {
    async call(method, path, { headers = {}, body } = {}) {
      const options = { method, headers, dispatcher, ...(body === undefined ? {} : { body }) };
      const answer = await request(new URL(path, url), options);
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return { status: answer.statusCode, headers: answer.headers, body: bytes };
    },
    close: () => dispatcher.close(),
  };
}
