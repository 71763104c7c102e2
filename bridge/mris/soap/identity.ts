import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { ClientCertificate } from '../../https/tls.ts';
import { toUsername } from './username.ts';

/** Who signs: the same certificate and key that TLS shows. */
export interface SigningIdentity {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  readonly username: string;
}

/**
 * @param username in place of the one that follows from the certificate's subject
 * @throws `invalid-request` for what cannot be read, a key that is not RSA, or one that is not the certificate's
 */
export function toSigningIdentity(certificate: ClientCertificate, username?: string): SigningIdentity {
  let found: { readonly key: KeyObject; readonly certificates: readonly X509Certificate[] };
  try {
    found = certificate.kind === 'pem' ? readPem(certificate) : readPkcs12(certificate);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { key, certificates } = found;
  if (key.asymmetricKeyType !== 'rsa') throw refuse(`a key of type ${key.asymmetricKeyType}, not rsa`);
  const own = certificates.find((each) => each.checkPrivateKey(key));
  if (own === undefined) throw refuse('no certificate that belongs to the key');
  return { key, certificate: own, username: username ?? toUsername(own.subject) };
}

function readPem({ certificate, key }: Extract<ClientCertificate, { kind: 'pem' }>) {
  return { key: createPrivateKey(key), certificates: [new X509Certificate(certificate)] };
}

/** Node can use such a file for TLS but gives nothing of it out, so it is taken apart by node-forge. */
function readPkcs12({ file, passphrase }: Extract<ClientCertificate, { kind: 'pkcs12' }>) {
  const packed = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('binary')), passphrase);
  const bags = (bagType: string) => packed.getBags({ bagType })[bagType] ?? [];
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const [key] = [...bags(pkcs8ShroudedKeyBag ?? ''), ...bags(keyBag ?? '')].flatMap((bag) => bag.key ?? []);
  if (key === undefined) throw new Error('a PKCS#12 file without an RSA key');
  return {
    key: createPrivateKey(forge.pki.privateKeyToPem(key)),
    certificates: bags(certBag ?? '').flatMap(({ cert }) =>
      cert ? [new X509Certificate(forge.pki.certificateToPem(cert))] : [],
    ),
  };
}

function refuse(found: string, cause?: unknown): MdmaError {
  return new MdmaError('invalid-request', `Cannot sign for MRI-S: ${found}`, { cause });
}
