import type { Server, ServerOptions } from 'node:https';
import { isIP } from 'node:net';
import { createAuthority, type IssuedCertificate, issueCertificate } from '../../certs/generate.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';

/** By host; making keys takes long, so that all simulators of a process share them. */
const strangers = new Map<string, Promise<IssuedCertificate>>();

/** A certificate for the right host, from an authority that nobody knows. */
async function issueStranger(host: string, now: Instant): Promise<IssuedCertificate> {
  const authority = await createAuthority({ commonName: 'An authority of nobody', days: 2, now });
  const names = isIP(host) === 0 ? { dnsNames: [host] } : { ipAddresses: [host] };
  return issueCertificate(authority, { kind: 'server', commonName: 'localhost', days: 1, now, ...names });
}

/**
 * What a listener does before it listens, so that connections that the fault `wrong-certificate` befalls show the
 * certificate of a stranger.
 */
export function toStrangerPreparation(
  { host = '127.0.0.1', clock }: { readonly host?: string; readonly clock: Clock },
  menu: { take(kind: 'connection'): readonly unknown[] },
): (server: Server, secure: ServerOptions) => Promise<void> {
  return async (server, secure) => {
    const issuing = strangers.get(host) ?? issueStranger(host, clock.now());
    strangers.set(host, issuing);
    const stranger = await issuing;
    const wrong = { ...secure, cert: stranger.certificatePem, key: stranger.keyPem };
    // Before the server's own listener, which takes the certificate that is set at that moment.
    server.prependListener('connection', () => {
      server.setSecureContext(menu.take('connection').length > 0 ? wrong : secure);
    });
  };
}
