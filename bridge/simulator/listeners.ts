import { once } from 'node:events';
import type { Server as HttpServer, RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { listenOn } from '../../storage/listen-on.ts';

/** Where a simulator listens, and who may come. */
export interface ListenerOptions {
  readonly certificatePem: string | Buffer;
  readonly keyPem: string | Buffer;
  /** Authority that the participants' certificates must come from. */
  readonly clientAuthorityPem: string | Buffer;
  /** Loopback unless set; a `port` of 0 or none takes a free one. */
  readonly host?: string;
  readonly port?: number;
  readonly controlPort?: number;
}

/** The two listeners of a simulator: HTTPS for clients with a certificate, and what steers it. */
export interface Listeners {
  /**
   * @returns when both listeners are up
   * @throws `unavailable` or `invalid-request` when one cannot listen; neither does then
   */
  listen(): Promise<void>;
  /** Address for clients; after `listen`. */
  readonly url: string;
  /** Address of the control listener, loopback only; after `listen`. */
  readonly controlUrl: string;
  /** Cuts every connection. */
  close(): Promise<void>;
}

interface ListenerParts {
  readonly site: RequestListener;
  readonly control: HttpServer;
  /** Aborted when they close. */
  readonly stopping: AbortController;
  /** What stands behind host and port in the address for clients. */
  readonly path?: string;
  /** Done before they listen. */
  readonly prepare?: (server: Server, secure: ServerOptions) => void;
}

export function createListeners(options: ListenerOptions, parts: ListenerParts): Listeners {
  const { control, stopping, path = '', prepare } = parts;
  const { host = '127.0.0.1', port = 0, controlPort = 0 } = options;
  const secure: ServerOptions = {
    cert: options.certificatePem,
    key: options.keyPem,
    ca: options.clientAuthorityPem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  };
  const server = createServer(secure, parts.site);
  prepare?.(server, secure);
  const close = async () => {
    stopping.abort();
    await Promise.all([server, control].map(closing));
  };
  return {
    async listen() {
      try {
        await listenOn(server, 'the port for clients', { host, port });
        await listenOn(control, 'the control port', { host: '127.0.0.1', port: controlPort });
      } catch (error) {
        await close();
        throw error;
      }
    },
    get url() {
      return `https://${host}:${portOf(server)}${path}`;
    },
    get controlUrl() {
      return `http://127.0.0.1:${portOf(control)}`;
    },
    close,
  };
}

/** Resolves when the port is free. */
async function closing(server: HttpServer): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

function portOf(server: HttpServer): number {
  const address = server.address() as AddressInfo | null;
  if (address === null) throw new Error('Cannot tell the address of the simulator: it does not listen');
  return address.port;
}
