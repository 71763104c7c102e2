import { writeFile } from 'node:fs/promises';
import { createAuthority, issueCertificate, toPkcs12 } from '../../certs/generate.ts';
import { type CertificatePaths, toCertificatePaths, writeCertificateFiles } from '../../certs/write.ts';
import type { Context } from '../context.ts';
import { type ClientName, clients } from './cast.ts';
import type { Places } from './places.ts';

const authorityDays = 3_650;
const certificateDays = 800;

/** The authority, the server, the simulator, the ISO account and everybody of the cast. */
export type CertificateName = 'authority' | 'server' | 'simulator' | 'iso-account' | ClientName;

/** Where the files of a certificate lie. */
export function toPathsOf(places: Places, name: CertificateName): CertificatePaths {
  return toCertificatePaths(places.certificatesFolder, name);
}

/** Makes a test authority and everything it issues, as PEM, and for people as PKCS#12 with a passphrase in a file. */
export async function createCertificates(places: Places, context: Context): Promise<void> {
  const now = context.clock.now();
  const folder = places.certificatesFolder;
  const authority = await createAuthority({
    commonName: 'MDMA quick start authority',
    days: authorityDays,
    now,
  });
  await writeCertificateFiles(folder, 'authority', authority);
  const passphrase = context.random(12).toString('base64url');
  const servers = (['server', 'simulator'] as const).map(async (name) => {
    const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] };
    const settings = {
      commonName: 'localhost',
      kind: 'server',
      days: certificateDays,
      now,
      ...names,
    } as const;
    await writeCertificateFiles(folder, name, await issueCertificate(authority, settings));
  });
  const people = [...clients.map(({ name }) => name), 'iso-account' as const].map(async (name) => {
    const settings = { commonName: name, kind: 'client', days: certificateDays, now } as const;
    const issued = await issueCertificate(authority, settings);
    const pkcs12 = toPkcs12(issued, authority, passphrase, `MDMA quick start: ${name}`);
    await writeCertificateFiles(folder, name, { ...issued, pkcs12 });
  });
  await Promise.all([...servers, ...people]);
  await writeFile(places.passphraseFile, `${passphrase}\n`, { mode: 0o600 });
}
