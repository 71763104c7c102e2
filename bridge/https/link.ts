import { connect, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector, Client } from 'undici';

export interface LinkSettings {
  /** `https://host` or `https://host:port`. */
  readonly origin: string;
  readonly secureContext: SecureContext;
  readonly connectTimeoutMs: number;
}

/** An undici client with the one socket it uses. */
export interface Link {
  readonly client: Client;
  /**
   * Ends it in a way that what was handed to the kernel and did not leave yet never leaves: a plain close would go on
   * sending for minutes, and a file could arrive long after its deadline.
   */
  cut(reason: Error): void;
}

/** A link that is made with its first request: TLS, the server's certificate always checked, HTTP/1.1. */
export function openLink({ origin, secureContext, connectTimeoutMs }: LinkSettings): Link {
  let socket: Socket | undefined;
  const secure = buildConnector({
    secureContext,
    rejectUnauthorized: true,
    allowH2: false,
    timeout: connectTimeoutMs,
  });
  const client = new Client(origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      socket = connect({ host: options.hostname, port: Number(options.port || 443) });
      secure({ ...options, httpSocket: socket }, callback);
    },
  });
  return {
    client,
    cut(reason) {
      socket?.resetAndDestroy();
      void client.destroy(reason);
    },
  };
}
