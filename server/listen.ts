import { constants } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { listenOn } from '../storage/listen-on.ts';
import type { ServerConfig } from './config.ts';
import { Connections } from './http/connections.ts';
import { lingerOnClose } from './http/linger-on-close.ts';
import { refuseUnreadable } from './http/refuse-unreadable.ts';
import type { Metrics } from './metrics.ts';

type ListenConfig = Pick<
  ServerConfig,
  'listen' | 'certificateFile' | 'keyFile' | 'clientAuthorityFiles' | 'limits' | 'stopTimeoutMs' | 'support'
>;

interface Deps {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  readonly nextRequestId: () => string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'setConnections' | 'countDropped' | 'countUnreadable'>;
}

export interface Listener {
  readonly port: number;
  /** Reads certificate, key and authorities again; those in use stay when the new ones are not good. */
  reload(): Promise<void>;
  /** Accepts nothing more, lets transfers end, cuts them after `stopTimeoutMs`; resolves when all is closed. */
  stop(): Promise<void>;
}

const maxHeaderBytes = 16_384;

/** How often connections are looked over for headers that are late. */
const checkMs = 1_000;
/** How often a stopping server looks for connections that have become idle. */
const idleMs = 50;

/** The HTTPS listener: TLS 1.2 and 1.3 only, client certificates requested, everything that may take time limited. */
export async function listen(config: ListenConfig, deps: Deps): Promise<Listener> {
  const { limits } = config;
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    connections.begin(req, res);
    deps.handle(req, res);
  };
  const server = https.createServer(
    {
      ...(await readContext(config)),
      requestCert: true,
      // Who a certificate belongs to, and whether it is still good, is asked at every request (ruling 17).
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshakeTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
      connectionsCheckingInterval: checkMs,
      keepAlive: true,
      noDelay: true,
      // `checkLimits` asks for it, so that its absence is answered and on record as everything is.
      requireHostHeader: false,
    },
    handle,
  );
  const connections = new Connections(server, deps.metrics.setConnections);
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  const refuse = (error: NodeJS.ErrnoException, socket: Duplex) =>
    refuseUnreadable(error, socket as Socket, { ...deps, connections, support: config.support });
  server.on('clientError', refuse);
  server.on('connect', (_req, socket) =>
    refuse(Object.assign(new Error('a tunnel'), { code: 'CONNECT' }), socket),
  );
  server.on('tlsClientError', (error, socket) => {
    deps.logger.debug({ address: socket.remoteAddress, reason: error.message }, 'hand-shake failed');
  });
  server.on('secureConnection', (socket) => lingerOnClose(socket, () => connections.isQuiet(socket)));
  server.on('timeout', (socket) => connections.endIdle(socket));
  server.on('drop', () => deps.metrics.countDropped());
  server.maxConnections = limits.maxConnections;
  server.headersTimeout = limits.headersTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = limits.idleTimeoutMs;
  // Bodies may take hours as long as they keep their pace; `readBody` watches that.
  server.requestTimeout = 0;
  server.maxHeadersCount = 0;
  return {
    port: await listenOn(server, 'server.listen', config.listen),
    reload: async () => server.setSecureContext(await readContext(config)),
    stop: () => stop(server, connections, config.stopTimeoutMs),
  };
}

async function readContext(config: ListenConfig): Promise<SecureContextOptions> {
  const [cert, key, ...ca] = await Promise.all(
    [config.certificateFile, config.keyFile, ...config.clientAuthorityFiles].map((file) => readFile(file)),
  );
  return {
    cert,
    key,
    ca,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    // A connection keeps the certificate it began with.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
  };
}

async function stop(server: https.Server, connections: Connections, stopTimeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  // Not https's own `close`: that cuts every answer that is written but not yet taken by the client.
  tls.Server.prototype.close.call(server);
  connections.closeIdle();
  const idle = setInterval(() => connections.closeIdle(), idleMs);
  const cut = setTimeout(() => connections.cut(), stopTimeoutMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
