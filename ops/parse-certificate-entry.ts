import { X509Certificate } from 'node:crypto';
import { parseSha256, type Sha256 } from '../storage/model/sha256.ts';
import type { Instant } from '../storage/model/time.ts';

/**
 * What of a certificate is registered.
 *
 * @param bytes PEM or DER; throws what Node throws for anything else
 */
export function parseCertificateEntry(bytes: Buffer): {
  fingerprint: Sha256;
  subject: string;
  validFromAt: Instant;
  validToAt: Instant;
} {
  const certificate = new X509Certificate(bytes);
  return {
    fingerprint: parseSha256(certificate.fingerprint256.replaceAll(':', '')),
    subject: certificate.subject.replaceAll('\n', ', '),
    validFromAt: certificate.validFromDate.getTime(),
    validToAt: certificate.validToDate.getTime(),
  };
}
