import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import { problemKinds } from '../problem.ts';
import type { Connections } from './connections.ts';
import type { SupportContact } from './page.ts';
import { toAddress } from './record.ts';

const readings = {
  HPE_HEADER_OVERFLOW: 'too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  CONNECT: 'method-not-allowed',
} as const;

const details = {
  'too-large': 'Cannot read request: its headers are too large',
  'request-timeout': 'Cannot read request: it did not arrive in time',
  'method-not-allowed': 'Cannot CONNECT here: this is no proxy',
  'invalid-request': 'Cannot read request: it is not HTTP/1.1',
} as const;

interface Deps {
  readonly connections: Connections;
  readonly nextRequestId: () => string;
  readonly support: readonly SupportContact[];
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countUnreadable'>;
}

/**
 * Answers what is no HTTP request, or not one in time, with a problem document of its own, puts it on record as any
 * request, and ends the connection; one that failed in TLS or below is only closed. Into the middle of an answer
 * nothing may be written; a request whose body cannot be read has its record already, which is told the status.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, deps: Deps): void {
  const reason = error.code ?? '';
  const running = deps.connections.findNewest(socket);
  const isUnderWay = running !== undefined && !running.writableFinished;
  if (
    !/^(?:HPE_|ERR_HTTP_|CONNECT$)/.test(reason) ||
    !socket.writable ||
    (isUnderWay && running.headersSent)
  ) {
    socket.destroy(error);
    return;
  }
  const code = readings[reason as keyof typeof readings] ?? 'invalid-request';
  const { title } = problemKinds[code];
  const status = reason === 'HPE_HEADER_OVERFLOW' ? 431 : problemKinds[code].status;
  const instance = deps.nextRequestId();
  const { support } = deps;
  const body = JSON.stringify({
    type: `urn:mdma:problem:${code}`,
    title,
    status,
    detail: details[code],
    instance,
    support,
  });
  if (isUnderWay) running.statusCode = status;
  else {
    deps.metrics.countUnreadable(status);
    const entry = { request: instance, path: '-', status, outcome: code, reason, address: toAddress(socket) };
    deps.logger.info({ ...entry, bytes: Buffer.byteLength(body) }, 'request');
  }
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
