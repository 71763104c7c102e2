import { generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { toInvalid } from '../storage/model/errors.ts';
import { parseSha256, type Sha256 } from '../storage/model/sha256.ts';
import { dayMs, type Instant, minuteMs } from '../storage/model/time.ts';

/** An authority of our own: whoever holds its key can issue certificates in its name. */
export interface Authority {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface IssuedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** SHA-256 of the DER certificate: what a client certificate is registered by. */
  readonly fingerprint: Sha256;
}

export interface AuthoritySettings {
  readonly commonName: string;
  readonly days: number;
  readonly now: Instant;
}

export interface CertificateSettings extends AuthoritySettings {
  readonly kind: 'server' | 'client';
  /** Names a server is reached by; a server certificate needs at least one name or address. */
  readonly dnsNames?: readonly string[];
  /** IPv4 and IPv6 addresses a server is reached by. */
  readonly ipAddresses?: readonly string[];
}

/** Certificates begin this much before `now`, so that a peer whose clock is a little behind takes them at once. */
const clockSkewMs = 5 * minuteMs;

/** Iterations of the key derivations of a PKCS#12 file: forge writes no more than 65,535. */
const pkcs12Iterations = 50_000;

const generateKeys = promisify(generateKeyPair);

/**
 * Makes a self-signed authority (RFC 5280): RSA-2048, CA:TRUE critical with path length 0, so that it issues
 * certificates but no further authorities.
 *
 * @throws `invalid-request` when the common name or the number of days cannot be put in a certificate
 */
export async function createAuthority(settings: AuthoritySettings): Promise<Authority> {
  const keys = await generateRsaKeys();
  const certificate = toDraft(settings, keys.publicKey);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: true },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem: keys.privateKey };
}

/**
 * Issues a server or client certificate (RFC 5280) with a key of its own: RSA-2048, signed with SHA-256.
 *
 * @throws `invalid-request` when a name, address or number of days cannot be put in a certificate, when a server
 *   certificate would have no name, or when the certificate would outlive its authority
 */
export async function issueCertificate(
  authority: Authority,
  settings: CertificateSettings,
): Promise<IssuedCertificate> {
  const issuer = forge.pki.certificateFromPem(authority.certificatePem);
  const keys = await generateRsaKeys();
  const certificate = toDraft(settings, keys.publicKey);
  if (certificate.validity.notAfter > issuer.validity.notAfter) {
    throw toInvalid('Cannot issue certificate', {
      at: 'days',
      value: String(settings.days),
      expected: `an end no later than the authority's, ${issuer.validity.notAfter.toISOString()}`,
    });
  }
  certificate.setIssuer(issuer.subject.attributes.map(toDecoded));
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: settings.kind === 'server' },
    { name: 'extKeyUsage', serverAuth: settings.kind === 'server', clientAuth: settings.kind === 'client' },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
    },
    ...toAlternativeNames(settings),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(authority.keyPem), forge.md.sha256.create());
  const certificatePem = forge.pki.certificateToPem(certificate);
  return { certificatePem, keyPem: keys.privateKey, fingerprint: toFingerprint(certificatePem) };
}

/**
 * Packs certificate, key and authority for a browser or a Windows or Java client: PKCS#12 (RFC 7292), the key under
 * AES-256.
 *
 * @param friendlyName what the client's certificate list shows
 * @throws `invalid-request` when the passphrase is not of 1 or more printable ASCII characters: clients disagree
 *   about how any other is turned into bytes
 */
export function toPkcs12(
  issued: Pick<IssuedCertificate, 'certificatePem' | 'keyPem'>,
  authority: Pick<Authority, 'certificatePem'>,
  passphrase: string,
  friendlyName: string,
): Buffer {
  if (!/^[ -~]+$/.test(passphrase)) {
    throw toInvalid('Cannot make PKCS#12 file', {
      at: 'passphrase',
      value: '(not shown)',
      expected: 'at least one printable ASCII character and no others',
    });
  }
  const key = forge.pki.privateKeyFromPem(issued.keyPem) as forge.pki.rsa.PrivateKey;
  const chain = [issued.certificatePem, authority.certificatePem].map((pem) =>
    forge.pki.certificateFromPem(pem),
  );
  const packed = forge.pkcs12.toPkcs12Asn1(key, chain, passphrase, {
    algorithm: 'aes256',
    count: pkcs12Iterations,
    friendlyName,
  });
  return Buffer.from(forge.asn1.toDer(packed).getBytes(), 'binary');
}

/** The SHA-256 of a PEM certificate's DER bytes. */
export function toFingerprint(certificatePem: string): Sha256 {
  return parseSha256(new X509Certificate(certificatePem).fingerprint256.replaceAll(':', ''));
}

function generateRsaKeys() {
  return generateKeys('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Serial, validity, subject and public key; RFC 5280 wants a positive serial of at most 20 octets. */
function toDraft(settings: AuthoritySettings, publicKeyPem: string): forge.pki.Certificate {
  const { commonName, days, now } = settings;
  if (commonName.length < 1 || commonName.length > 64) {
    throw toInvalid('Cannot make certificate', {
      at: 'commonName',
      value: commonName,
      expected: '1 to 64 characters',
    });
  }
  if (!Number.isInteger(days) || days < 1) {
    throw toInvalid('Cannot make certificate', {
      at: 'days',
      value: String(days),
      expected: 'a whole number from 1',
    });
  }
  const serial = randomBytes(16);
  // The first bit 0 keeps the integer positive, the second 1 keeps it at its full length.
  serial.writeUInt8((serial.readUInt8() & 0x3f) | 0x40);
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = serial.toString('hex');
  certificate.validity.notBefore = new Date(now - clockSkewMs);
  certificate.validity.notAfter = new Date(now + days * dayMs);
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem);
  certificate.setSubject([{ shortName: 'CN', value: commonName, valueTagClass: utf8 }]);
  return certificate;
}

/** The type definitions ask for a class where the library takes a type. */
const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;

/** forge encodes UTF-8 names when it writes them but does not decode them when it reads them. */
function toDecoded(attribute: forge.pki.CertificateField): forge.pki.CertificateField {
  if (attribute.valueTagClass !== utf8) return attribute;
  return { ...attribute, value: forge.util.decodeUtf8(String(attribute.value)) };
}

/** The subjectAltName extension, or none for a client; refuses a server without a name and what is no address. */
function toAlternativeNames(settings: CertificateSettings): object[] {
  const { kind, dnsNames = [], ipAddresses = [] } = settings;
  const wrongName = dnsNames.find((name) => !/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(name));
  const wrongAddress = ipAddresses.find((ip) => isIP(ip) === 0);
  if (wrongName !== undefined || wrongAddress !== undefined) {
    throw toInvalid('Cannot issue certificate', {
      at: wrongName === undefined ? 'ipAddresses' : 'dnsNames',
      value: wrongName ?? wrongAddress ?? '',
      expected: wrongName === undefined ? 'an IPv4 or IPv6 address' : 'a DNS name',
    });
  }
  const altNames = [
    ...dnsNames.map((value) => ({ type: 2, value })),
    ...ipAddresses.map((ip) => ({ type: 7, ip })),
  ];
  if (altNames.length > 0) return [{ name: 'subjectAltName', altNames }];
  if (kind === 'client') return [];
  throw toInvalid('Cannot issue certificate', {
    at: 'dnsNames',
    value: '',
    expected: 'at least one DNS name or IP address for a server',
  });
}
