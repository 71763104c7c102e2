import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { issueCertificate } from '../../certs/generate.ts';
import { serverConfigSchema } from '../../server/config.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { connectTls, readBytes, readToEnd } from '../support/https.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { startTestServer, type TestServer, toSample } from './test-server.ts';

const limit = async (changes: object) => {
  const { config } = await startTestServer();
  return startTestServer({ limits: { ...config.limits, ...changes } });
};

const toPeer = (server: TestServer) => ({ authority: server.certificates.authority });

/** The version that a connection of these versions came to, or the code it failed with. */
async function handshake(port: number, options: tls.ConnectionOptions): Promise<string | null | undefined> {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...options });
  try {
    await once(socket, 'secureConnect');
    return socket.getProtocol();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.destroy();
  }
}

describe('TLS', () => {
  test('is 1.2 or 1.3, nothing older, and nothing is served in the clear', async () => {
    const server = await startTestServer();
    const ca = server.certificates.authority.certificatePem;
    const { port } = server.running;
    expect(await handshake(port, { ca })).toBe('TLSv1.3');
    expect(await handshake(port, { ca, maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await handshake(port, old)).toMatch(/^ERR_SSL_/);
    const clear = net.connect(port, '127.0.0.1');
    clear.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const chunks: Buffer[] = [];
    clear.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    await once(clear, 'close');
    expect(Buffer.concat(chunks).toString('latin1')).not.toContain('HTTP/1.1 200');
  });

  test('a new certificate is taken into use without a restart; one that is not good is not', async () => {
    const certificates = await getTestCertificates();
    const folder = makeTemporaryFolder();
    const [certificateFile, keyFile] = [path.join(folder, 'server.crt'), path.join(folder, 'server.key')];
    copyFileSync(certificates.server.certificatePath, certificateFile);
    copyFileSync(certificates.server.keyPath, keyFile);
    const server = await startTestServer({ certificateFile, keyFile });
    const kept = await connectTls(server.running.port, toPeer(server));
    const seen = async () => {
      const socket = await connectTls(server.running.port, toPeer(server));
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256.replaceAll(':', '').toLowerCase();
    };
    expect(await seen()).toBe(certificates.server.fingerprint);
    const renewed = await issueCertificate(certificates.authority, {
      commonName: 'localhost',
      kind: 'server',
      dnsNames: ['localhost'],
      days: 1,
      now: Date.now(),
    });
    writeFileSync(certificateFile, renewed.certificatePem);
    await expect(server.running.reload()).rejects.toThrow(/key values mismatch/);
    expect(await seen()).toBe(certificates.server.fingerprint);
    writeFileSync(keyFile, renewed.keyPem);
    await server.running.reload();
    expect(await seen()).toBe(renewed.fingerprint);
    kept.write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await readBytes(kept, 15)).toString()).toBe('HTTP/1.1 200 OK');
    kept.destroy();
  });
});

describe('who is slow', () => {
  test('with the hand-shake is cut', async () => {
    const server = await limit({ handshakeTimeoutMs: 100 });
    const socket = net.connect(server.running.port, '127.0.0.1').on('error', () => undefined);
    await once(socket.resume(), 'close');
  });

  test('with the headers is told so and cut, however it drips (slowloris)', async () => {
    const server = await limit({ headersTimeoutMs: 200 });
    const socket = await connectTls(server.running.port, toPeer(server));
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 50);
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 408 .*request-timeout/s);
    clearInterval(drip);
    const records = server.log.filter(({ msg }) => msg === 'request');
    expect(records).toMatchObject([{ status: 408, outcome: 'request-timeout', address: '127.0.0.1' }]);
    socket.destroy();
  });

  test('to ask at all is cut after a while, on a kept connection too', async () => {
    const server = await limit({ keepAliveTimeoutMs: 100, idleTimeoutMs: 300 });
    const silent = await connectTls(server.running.port, toPeer(server));
    await once(silent.resume(), 'close');
    const kept = await connectTls(server.running.port, toPeer(server));
    kept.write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await readToEnd(kept)).toMatch(/^HTTP\/1.1 200 /);
    kept.destroy();
  });

  test('to read is cut when nothing moves any more, and the record says interrupted', async () => {
    const server = await limit({ idleTimeoutMs: 1_500 });
    const [file] = (await server.post(toSample(1, 8_000_000))).files;
    const socket = await connectTls(server.running.port, {
      ...toPeer(server),
      certificate: server.certificates['esp-one'],
    });
    socket.write(`GET ${file.href} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await readBytes(socket, 1_000);
    // Cut while bytes are unread, the connection may end with a reset.
    socket.on('error', () => undefined);
    const list = () => server.callJson('staff', 'GET', '/mailboxes/esp-one/retrievals');
    await expect
      .poll(async () => (await list()).json.retrievals[0].state, { timeout: 10_000 })
      .toBe('interrupted');
    socket.destroy();
  });
});

test('more connections than allowed are closed at once; those that are there go on', async () => {
  const server = await limit({ maxConnections: 2 });
  const [first, second] = [
    await connectTls(server.running.port, toPeer(server)),
    await connectTls(server.running.port, toPeer(server)),
  ];
  const third = net.connect(server.running.port, '127.0.0.1').on('error', () => undefined);
  await once(third.resume(), 'close');
  for (const socket of [first, second]) {
    socket.write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await readBytes(socket, 15)).toString()).toBe('HTTP/1.1 200 OK');
    socket.destroy();
  }
});

describe('an orderly stop', () => {
  const begin = async (server: TestServer) => {
    const body = toSample(1, 12_000_000);
    const [file] = (await server.post(body)).files;
    const certificate = server.certificates['esp-one'];
    const socket = await connectTls(server.running.port, { ...toPeer(server), certificate });
    socket.write(`GET ${file.href} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const head = await readBytes(socket, 2_000);
    return { socket, body, received: head.subarray(head.indexOf('\r\n\r\n') + 4) };
  };

  test('accepts nothing new, closes what is idle, and lets a transfer come to its end', async () => {
    const server = await startTestServer({ stopTimeoutMs: 20_000 });
    const idle = await connectTls(server.running.port, toPeer(server));
    const { socket, body, received } = await begin(server);
    const stopped = server.running.stop();
    await once(idle.resume(), 'close');
    expect(await handshake(server.running.port, {})).toBe('ECONNREFUSED');
    const rest = await readBytes(socket, body.length - received.length);
    expect(Buffer.concat([received, rest]).equals(body)).toBe(true);
    await stopped;
    socket.destroy();
  });

  test('does not wait for a job before it turns away who comes', async () => {
    const { jobs } = serverConfigSchema.shape;
    const server = await startTestServer({ jobs: jobs.parse({ compress: true }) });
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    vi.spyOn(server.store.catalogue.retention, 'listFilesToCode').mockImplementation(async () => {
      begun.resolve();
      await goOn.promise;
      return [];
    });
    await begun.promise;
    const stopped = server.running.stop();
    await vi.waitFor(async () => expect(await handshake(server.running.port, {})).toBe('ECONNREFUSED'));
    goOn.resolve();
    await stopped;
  });

  test('cuts what has not ended in time', async () => {
    const server = await startTestServer({ stopTimeoutMs: 100 });
    const { socket, body } = await begin(server);
    await server.running.stop();
    expect((await readToEnd(socket)).length).toBeLessThan(body.length);
    socket.destroy();
    await server.store.expectSound();
  });
});
