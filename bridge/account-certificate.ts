import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { raise } from '../storage/model/alarms.ts';
import { MdmaError } from '../storage/model/errors.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { Log } from './forwarding/step-context.ts';
import { type ClientCertificate, toSecureContext } from './https/tls.ts';
import type { IsoAccountConfig } from './iso-config.ts';
import { type AccountCertificate, findCertificateFault } from './watch-certificates.ts';

type CertifiedAccount = Pick<IsoAccountConfig, 'name' | 'certificate' | 'authorityFile'>;

/** The contents of an account's files, as its client takes them. */
interface OpenedCertificate {
  readonly certificate: ClientCertificate;
  readonly authority?: Buffer;
  readonly validity: AccountCertificate;
  /**
   * Whom the ISO takes it for: the certificate's subject, an attribute a line. A renewed certificate is the same user, and
   * so are accounts that are served with one certificate.
   */
  readonly user: string;
}

/**
 * Reads the certificate that an account shows and the authority that it trusts. Warns from 30 days before the
 * certificate ends.
 *
 * @throws `invalid-request` naming the file, and the date where it matters, when a file is missing, the passphrase is
 *   wrong, or the certificate is not valid now
 */
export async function openCertificate(
  account: CertifiedAccount,
  { clock, log }: { clock: Clock; log: Log },
): Promise<OpenedCertificate> {
  const { authorityFile } = account;
  const certificate = await readCertificate(account);
  const authority = authorityFile === undefined ? undefined : await read(authorityFile);
  const own = checkValidity(account, certificate, authority, { clock, log });
  return { certificate, ...own, ...(authority === undefined ? {} : { authority }) };
}

async function readCertificate({ certificate }: CertifiedAccount): Promise<ClientCertificate> {
  if ('pkcs12File' in certificate) {
    const file = await read(certificate.pkcs12File);
    const passphrase = (await read(certificate.passphraseFile)).toString('utf8').replace(/\r?\n$/, '');
    return { kind: 'pkcs12', file, passphrase };
  }
  const pem = await read(certificate.certificateFile);
  return { kind: 'pem', certificate: pem, key: await read(certificate.keyFile) };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw refuse(`cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

function checkValidity(
  account: CertifiedAccount,
  loaded: ClientCertificate,
  authority: Buffer | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Pick<OpenedCertificate, 'validity' | 'user'> {
  const { name, certificate } = account;
  const file = 'pkcs12File' in certificate ? certificate.pkcs12File : certificate.certificateFile;
  checkFiles(account, loaded, authority);
  const own = findOwnCertificate(file, loaded, authority);
  const now = clock.now();
  const [fromAt, toAt] = [own.validFromDate.getTime(), own.validToDate.getTime()];
  if (now >= toAt) throw refuse(`the certificate in ${file} expired on ${own.validToDate.toISOString()}`);
  if (now < fromAt) {
    throw refuse(`the certificate in ${file} is not valid before ${own.validFromDate.toISOString()}`);
  }
  const validity = { account: name, file, validToAt: toAt };
  const fault = findCertificateFault(validity, now);
  if (fault !== undefined) {
    const fields = { account: name, file, until: own.validToDate.toISOString() };
    raise(log, 'warn', fault.sign, fields, fault.details);
  }
  return { validity, user: own.subject };
}

/** Each file by itself, for OpenSSL's words of them together do not tell which one is wrong. */
function checkFiles(
  { certificate, authorityFile }: CertifiedAccount,
  loaded: ClientCertificate,
  authority: Buffer | undefined,
): void {
  const parse = <T>(file: string, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw refuse(`cannot use ${file}: ${cause instanceof Error ? cause.message : cause}`, cause);
    }
  };
  if (authority !== undefined && authorityFile !== undefined) {
    parse(authorityFile, () => new X509Certificate(authority));
  }
  if (loaded.kind !== 'pem' || !('keyFile' in certificate)) return;
  const { certificateFile, keyFile } = certificate;
  const own = parse(certificateFile, () => new X509Certificate(loaded.certificate));
  const key = parse(keyFile, () => createPrivateKey(loaded.key));
  if (own.checkPrivateKey(key)) return;
  throw refuse(`the key in ${keyFile} is not that of the certificate in ${certificateFile}`);
}

/** As OpenSSL chose it, so that it is the one that will be shown, also out of a PKCS#12 file with a whole chain. */
function findOwnCertificate(
  file: string,
  loaded: ClientCertificate,
  authority: Buffer | undefined,
): X509Certificate {
  try {
    const secureContext = toSecureContext(loaded, authority);
    const nowhere = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    const socket = new TLSSocket(nowhere, { secureContext });
    const own = socket.getX509Certificate();
    socket.destroy();
    if (own === undefined) throw new Error('it holds no certificate');
    return own;
  } catch (cause) {
    throw refuse(`cannot use ${file}: ${toFound(loaded, cause)}`, cause);
  }
}

/** What OpenSSL means by a code that only tells that the file's seal does not fit its passphrase. */
function toFound({ kind }: ClientCertificate, cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause);
  return kind === 'pkcs12' && /mac verify failure/i.test(words) ? 'the passphrase is wrong' : words;
}

/** Without the account's name: who opens several says which. */
function refuse(found: string, cause?: unknown): MdmaError {
  return new MdmaError('invalid-request', `Cannot open the ISO account: ${found}`, { cause });
}
