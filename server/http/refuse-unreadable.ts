import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemKinds } from '../problem.ts';

const codes: Readonly<Record<string, 'too-large' | 'request-timeout'>> = {
  HPE_HEADER_OVERFLOW: 'too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/**
 * Answers what is no HTTP request, or not one in time, and ends the connection; one that failed in TLS or below is
 * only closed.
 *
 * @param running the last response begun on this connection: into the middle of one nothing may be written
 */
export function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  running: ServerResponse | undefined,
): void {
  const isMidway = running?.headersSent === true && !running.writableFinished;
  const isHttp = /^(?:HPE|ERR_HTTP)_/.test(error.code ?? '');
  if (!isHttp || !socket.writable || isMidway) {
    socket.destroy(error);
    return;
  }
  const code = codes[error.code ?? ''] ?? 'invalid-request';
  const { title } = problemKinds[code];
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : problemKinds[code].status;
  const detail = `Cannot read request: ${code === 'request-timeout' ? 'it did not arrive in time' : 'it is not HTTP, or its headers are too large'}`;
  const body = JSON.stringify({ type: `urn:mdma:problem:${code}`, title, status, detail });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
