import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CertificateSettings,
  createAuthority,
  type IssuedCertificate,
  issueCertificate,
  toFingerprint,
} from '../../certs/generate.ts';
import { type CertificatePaths, toCertificatePaths, writeCertificateFiles } from '../../certs/write.ts';
import { dayMs } from '../../storage/model/time.ts';

/** A certificate with its key, in memory and as files. */
interface TestCertificate extends IssuedCertificate, CertificatePaths {}

const clients = ['staff', 'program', 'esp-one', 'esp-two', 'udc-one'] as const;
type Name = 'authority' | 'server' | (typeof clients)[number];

/** One authority and what it issued: a server certificate for localhost and clients by the names of participants. */
export type TestCertificates = Readonly<Record<Name, TestCertificate>>;

const days = 30;
const cache = fileURLToPath(new URL('../../node_modules/.cache/mdma-test-certificates/', import.meta.url));

let loaded: Promise<TestCertificates> | undefined;

/**
 * The certificates that all tests share. They are made once and kept beside the installed packages, until they are
 * too old or the code that makes them changes, because making keys takes longer than most tests. The files are
 * shared: read them, do not change them.
 */
export function getTestCertificates(): Promise<TestCertificates> {
  loaded ??= load();
  return loaded;
}

/** Issues one more certificate from the shared authority, for what is special to a test: expired, revoked, renamed. */
export async function issueTestCertificate(
  settings: Pick<CertificateSettings, 'commonName'> & Partial<CertificateSettings>,
): Promise<IssuedCertificate> {
  const { authority } = await getTestCertificates();
  return issueCertificate(authority, { kind: 'client', days: 1, now: Date.now(), ...settings });
}

async function load(): Promise<TestCertificates> {
  const maker = readFileSync(new URL('../../certs/generate.ts', import.meta.url));
  const version = createHash('sha256').update(maker).update(clients.join()).digest('hex').slice(0, 16);
  const folder = path.join(cache, version);
  if (existsSync(folder) && isOld(folder)) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(folder)) await make(folder);
  const names: Name[] = ['authority', 'server', ...clients];
  return Object.fromEntries(names.map((name) => [name, read(folder, name)])) as Record<Name, TestCertificate>;
}

function isOld(folder: string): boolean {
  const { certificatePem } = read(folder, 'authority');
  return new X509Certificate(certificatePem).validToDate.getTime() < Date.now() + dayMs;
}

function read(folder: string, name: Name): TestCertificate {
  const paths = toCertificatePaths(folder, name);
  const certificatePem = readFileSync(paths.certificatePath, 'utf8');
  const keyPem = readFileSync(paths.keyPath, 'utf8');
  return { ...paths, certificatePem, keyPem, fingerprint: toFingerprint(certificatePem) };
}

/** Made aside and moved into place, so that test workers that start together all get the same set. */
async function make(folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(path.join(cache, 'new-'));
  const now = Date.now();
  const authority = await createAuthority({ commonName: 'MDMA test authority', days: days + 1, now });
  await writeCertificateFiles(aside, 'authority', authority);
  const server = await issueCertificate(authority, {
    commonName: 'localhost',
    kind: 'server',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
    days,
    now,
  });
  await writeCertificateFiles(aside, 'server', server);
  for (const commonName of clients) {
    const issued = await issueCertificate(authority, { commonName, kind: 'client', days, now });
    await writeCertificateFiles(aside, commonName, issued);
  }
  try {
    renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(aside, { recursive: true });
  }
}
