import { raise } from '../storage/model/alarms.ts';
import { dayMs, type Instant, toIsoText } from '../storage/model/time.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { Log } from './forwarding/step-context.ts';

/** From so long before its end an account's certificate is told of. */
const warnBeforeMs = 30 * dayMs;

/** The certificate that an account shows to the ISO. */
export interface AccountCertificate {
  readonly account: string;
  readonly file: string;
  readonly validToAt: Instant;
}

interface CertificateFault {
  readonly isOver: boolean;
  readonly sign:
    | 'the certificate for the ISO has expired'
    | 'the certificate for the ISO expires soon: order a new one';
  readonly details: string;
}

/** How a certificate stands: `undefined` while it is good for long. */
export function findCertificateFault(
  { account, file, validToAt }: AccountCertificate,
  now: Instant,
): CertificateFault | undefined {
  if (validToAt - now >= warnBeforeMs) return undefined;
  const isOver = validToAt <= now;
  const sign = isOver
    ? 'the certificate for the ISO has expired'
    : 'the certificate for the ISO expires soon: order a new one';
  return { isOver, sign, details: `account ${account}, ${file}, ${toIsoText(validToAt)}` };
}

/**
 * Tells once a day of certificates that end within 30 days, and of those that have ended; what opened them told the
 * first time.
 *
 * @returns to be called now and then
 */
export function createCertificateWatch(
  certificates: readonly AccountCertificate[],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): () => void {
  let toldAt = clock.now();
  return () => {
    const now = clock.now();
    if (now - toldAt < dayMs) return;
    toldAt = now;
    for (const certificate of certificates) {
      const fault = findCertificateFault(certificate, now);
      if (fault === undefined) continue;
      const { account, file } = certificate;
      const fields = { account, file, until: toIsoText(certificate.validToAt) };
      raise(log, fault.isOver ? 'error' : 'warn', fault.sign, fields, fault.details);
    }
  };
}
