import { createSecureContext, type SecureContext } from 'node:tls';
import { MdmaError } from '../../storage/model/errors.ts';

/** The software certificate that the ISO knows its user by, as the contents of its files. */
export type ClientCertificate =
  | { readonly kind: 'pem'; readonly certificate: Buffer; readonly key: Buffer }
  | { readonly kind: 'pkcs12'; readonly file: Buffer; readonly passphrase: string };

/**
 * Everything TLS needs, checked before anything is connected: TLS 1.2 at least.
 *
 * @param authority PEM of the authorities that may have signed the server's certificate; the roots Node trusts when
 *   undefined
 * @throws `invalid-request` when certificate, key, passphrase or authority cannot be used
 */
export function toSecureContext(
  certificate: ClientCertificate,
  authority: Buffer | undefined,
): SecureContext {
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(authority === undefined ? {} : { ca: authority }),
      ...(certificate.kind === 'pem'
        ? { cert: certificate.certificate, key: certificate.key }
        : { pfx: certificate.file, passphrase: certificate.passphrase }),
    });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new MdmaError('invalid-request', `Cannot use the client certificate for the ISO: ${words}`, {
      cause,
    });
  }
}
