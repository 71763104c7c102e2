import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Authority,
  createAuthority,
  type IssuedCertificate,
  issueCertificate,
  toPkcs12,
} from '../../certs/generate.ts';
import { dayMs, minuteMs } from '../../storage/model/time.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const folder = makeTemporaryFolder();
const now = Date.now();
const passphrase = 'correct horse 42!';
const program = 'openssl';

let authority: Authority;
let server: IssuedCertificate;
let client: IssuedCertificate;
let open: tls.Server | undefined;

beforeAll(async () => {
  authority = await createAuthority({ commonName: 'Prüfstelle ☂', days: 30, now });
  server = await issueCertificate(authority, {
    commonName: 'localhost',
    kind: 'server',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
    days: 10,
    now,
  });
  client = await issueCertificate(authority, { commonName: 'Zoë of ESP One', kind: 'client', days: 10, now });
});

afterEach(() => {
  open?.close();
  open = undefined;
});

/** Listens with mutual TLS; a connection is answered with what the server holds of it: why not, or the common name. */
async function connect(client: tls.ConnectionOptions, overServer: tls.TlsOptions = {}): Promise<string> {
  open = tls.createServer({
    cert: server.certificatePem,
    key: server.keyPem,
    ca: authority.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
    ...overServer,
  });
  open.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(String(socket.authorizationError ?? socket.getPeerCertificate().subject?.CN));
  });
  open.listen(0, '127.0.0.1');
  await once(open, 'listening');
  const { port } = open.address() as AddressInfo;
  const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: true, ...client });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
  return Buffer.concat(chunks).toString();
}

describe('mutual TLS, both sides rejecting what does not verify', () => {
  test.each(['localhost', '127.0.0.1', '::1'])('the server is known as %s', async (name) => {
    const seen = await connect({
      ca: authority.certificatePem,
      cert: client.certificatePem,
      key: client.keyPem,
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
    });
    expect(seen).toBe('Zoë of ESP One');
  });

  test('a name that is not in the certificate is refused', async () => {
    const attempt = connect({
      ca: authority.certificatePem,
      cert: client.certificatePem,
      key: client.keyPem,
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity('example.com', certificate),
    });
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('the PKCS#12 file alone gives a client its certificate and key, and Node its authority', async () => {
    const pfx = toPkcs12(client, authority, passphrase, 'Zoë, MDMA ☂');
    const ca = authority.certificatePem;
    await expect(connect({ pfx, passphrase, ca })).resolves.toBe('Zoë of ESP One');
    expect(() => tls.createSecureContext({ pfx, passphrase: 'wrong' })).toThrow(/mac verify failure/);
  });

  test.each([
    ['server', 'INVALID_PURPOSE'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['foreign', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('a client with a %s certificate is refused: %s', async (which, reason) => {
    const foreign = await createAuthority({ commonName: 'Prüfstelle ☂', days: 30, now });
    const past = now - 20 * dayMs;
    const unfit = {
      server: async () => server,
      expired: () => issueCertificate(authority, { commonName: 'Late', kind: 'client', days: 1, now: past }),
      foreign: () => issueCertificate(foreign, { commonName: 'Stranger', kind: 'client', days: 1, now }),
    };
    const { certificatePem: cert, keyPem: key } = await unfit[which]();
    const credentials = { ca: authority.certificatePem, cert, key };
    await expect(connect(credentials, { rejectUnauthorized: false })).resolves.toBe(reason);
    await expect(connect(credentials)).resolves.toBe('');
  });

  test('a client certificate does not serve as a server', async () => {
    const asServer = { cert: client.certificatePem, key: client.keyPem };
    const attempt = connect({ ca: authority.certificatePem, servername: 'localhost' }, asServer);
    await expect(attempt).rejects.toMatchObject({ code: 'INVALID_PURPOSE' });
  });
});

describe('what stands in the certificates', () => {
  test('authority', () => {
    const parsed = new X509Certificate(authority.certificatePem);
    expect(parsed.ca).toBe(true);
    expect(parsed.subject).toBe('CN=Prüfstelle ☂');
    expect(parsed.checkIssued(parsed)).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(authority.keyPem))).toBe(true);
    expect(parsed.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  });

  test('issued: issuer, key, purpose, names, times and fingerprint', () => {
    const issuer = new X509Certificate(authority.certificatePem);
    for (const issued of [server, client]) {
      const parsed = new X509Certificate(issued.certificatePem);
      expect(parsed.ca).toBe(false);
      expect(parsed.checkIssued(issuer)).toBe(true);
      expect(parsed.verify(issuer.publicKey)).toBe(true);
      expect(parsed.checkPrivateKey(createPrivateKey(issued.keyPem))).toBe(true);
      expect(parsed.validFromDate.getTime()).toBe(Math.floor((now - 5 * minuteMs) / 1000) * 1000);
      expect(parsed.validToDate.getTime()).toBe(Math.floor((now + 10 * dayMs) / 1000) * 1000);
      expect(issued.fingerprint).toBe(createHash('sha256').update(parsed.raw).digest('hex'));
    }
    const [ofServer, ofClient] = [server, client].map((issued) => new X509Certificate(issued.certificatePem));
    expect(ofServer?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(ofClient?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(ofServer?.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(ofClient?.subjectAltName).toBeUndefined();
  });

  test('serials are positive, 128 bits long and differ', () => {
    const pems = [authority, server, client].map((each) => each.certificatePem);
    const serials = pems.map((pem) => new X509Certificate(pem).serialNumber);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(new Set(serials).size).toBe(3);
  });

  test('openssl verifies them by its strict rules', ({ skip }) => {
    if (spawnSync(program, ['version']).status !== 0) {
      console.warn('SKIPPED openssl verify: openssl is not on the PATH');
      skip('openssl is not on the PATH');
    }
    const write = (name: string, content: string | Buffer) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    };
    const ca = write('ca.crt', authority.certificatePem);
    const openssl = (...args: string[]) => {
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      expect(`${status} ${stderr}`).toBe('0 ');
    };
    const verify = ['verify', '-x509_strict', '-check_ss_sig', '-CAfile', ca, '-purpose'];
    openssl(...verify, 'sslserver', '-verify_ip', '::1', write('server.crt', server.certificatePem));
    openssl(...verify, 'sslclient', write('client.crt', client.certificatePem));
    const p12 = write('client.p12', toPkcs12(client, authority, passphrase, 'Zoë'));
    openssl(
      'pkcs12',
      '-in',
      p12,
      '-passin',
      `pass:${passphrase}`,
      '-nodes',
      '-out',
      path.join(folder, 'out'),
    );
  });
});

describe('bad input', () => {
  const asClient = { commonName: 'x', kind: 'client', days: 1, now } as const;
  test.each([
    ['commonName', { ...asClient, commonName: '' }],
    ['commonName', { ...asClient, commonName: 'x'.repeat(65) }],
    ['days', { ...asClient, days: 0 }],
    ['days', { ...asClient, days: 1.5 }],
    ['days', { ...asClient, days: 31 }],
    ['dnsNames', { ...asClient, kind: 'server' as const }],
    ['dnsNames', { ...asClient, dnsNames: ['a b'] }],
    ['ipAddresses', { ...asClient, ipAddresses: ['127.0.0.256'] }],
  ])('%s of %j is refused by name', async (at, settings) => {
    await expect(issueCertificate(authority, settings)).rejects.toMatchObject({
      code: 'invalid-request',
      faults: [expect.objectContaining({ at })],
    });
  });

  test.each(['', 'gehe\u00efm', 'a\n'])(
    'a passphrase that clients disagree about (%j) is refused unseen',
    (unfit) => {
      expect(() => toPkcs12(client, authority, unfit, 'x')).toThrow(
        /passphrase is "\(not shown\)", expected at least one printable ASCII/,
      );
    },
  );
});
