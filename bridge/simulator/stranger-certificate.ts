import type { Server, ServerOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAuthority, type IssuedCertificate, issueCertificate } from '../../certs/generate.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';

/** By host; making keys takes long, so that all simulators of a process share them. */
const strangers = new Map<string, Promise<IssuedCertificate>>();

function getStranger(host: string, now: Instant): Promise<IssuedCertificate> {
  const known = strangers.get(host);
  if (known !== undefined) return known;
  const issuing = issueStranger(host, now);
  strangers.set(host, issuing);
  issuing.catch(() => strangers.delete(host));
  return issuing;
}

/** A certificate for the right host, from an authority that nobody knows. */
async function issueStranger(host: string, now: Instant): Promise<IssuedCertificate> {
  const authority = await createAuthority({ commonName: 'An authority of nobody', days: 2, now });
  const names = isIP(host) === 0 ? { dnsNames: [host] } : { ipAddresses: [host] };
  return issueCertificate(authority, { kind: 'server', commonName: 'localhost', days: 1, now, ...names });
}

/**
 * What is done to a server before it listens, so that connections that the fault `wrong-certificate` befalls show the
 * certificate of a stranger, which is made for the first of them.
 */
export function toStrangerPreparation(
  { host = '127.0.0.1', clock }: { readonly host?: string; readonly clock: Clock },
  menu: { take(kind: 'connection'): readonly unknown[] },
): (server: Server, secure: ServerOptions) => void {
  return (server, secure) => {
    const startedAt = clock.now();
    const listeners = server.listeners('connection');
    const accept = (socket: Duplex) => {
      for (const listener of listeners) listener.call(server, socket);
    };
    const acceptAsStranger = async (socket: Duplex) => {
      socket.on('error', ignore);
      const { certificatePem: cert, keyPem: key } = await getStranger(host, startedAt);
      if (socket.destroyed) return;
      socket.off('error', ignore);
      // A connection takes the certificate that is set at the moment when it is accepted.
      server.setSecureContext({ ...secure, cert, key });
      accept(socket);
      server.setSecureContext(secure);
    };
    server.removeAllListeners('connection').on('connection', (socket) => {
      if (menu.take('connection').length === 0) accept(socket);
      else void acceptAsStranger(socket);
    });
  };
}

/** A client that went away meanwhile is no fault of this program; its socket is destroyed by then. */
const ignore = () => undefined;
