import { writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { getTestCertificates, issueTestCertificate, type TestCertificates } from './certificates.ts';
import { atEnd } from './cleanup.ts';
import { connectTls, readBytes, readToEnd, request } from './https.ts';
import { startProcess } from './process.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

let certificates: TestCertificates;
let port: number;
const big = Buffer.alloc(8_000_000, 'x');

beforeAll(async () => {
  certificates = await getTestCertificates();
  const { server, authority } = certificates;
  const listener = https.createServer(
    {
      cert: server.certificatePem,
      key: server.keyPem,
      ca: authority.certificatePem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    async (incoming, outgoing) => {
      if (incoming.url === '/big') return outgoing.end(big);
      const body = Buffer.concat(await incoming.toArray()).toString();
      const peer =
        (incoming.socket as import('node:tls').TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody';
      outgoing.writeHead(418, { 'x-seen': `${incoming.method} ${incoming.url} ${peer}` }).end(body);
    },
  );
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  port = (listener.address() as AddressInfo).port;
  atEnd(() => {
    listener.closeAllConnections();
    return new Promise((resolve) => listener.close(resolve));
  });
});

describe('request', () => {
  test('carries certificate, headers and body, and gives back status, headers and body', async () => {
    const { authority, staff: certificate } = certificates;
    const url = `https://localhost:${port}/a?b=c`;
    for (const body of ['text', Buffer.from('bytes'), Readable.from(['str', 'eam'])]) {
      const answer = await request('POST', url, { authority, certificate, body });
      expect(answer.status).toBe(418);
      expect(answer.headers['x-seen']).toBe('POST /a?b=c staff');
      expect(['text', 'bytes', 'stream']).toContain(answer.body.toString());
    }
    const { headers } = await request('GET', url, { authority });
    expect(headers['x-seen']).toBe('GET /a?b=c nobody');
  });

  test('refuses a server of another authority', async () => {
    const { staff } = certificates;
    const attempt = request('GET', `https://localhost:${port}/`, { authority: staff });
    await expect(attempt).rejects.toThrow(/certificate/);
  });
});

test('a raw connection sends what it likes and reads as little as it likes', async () => {
  const socket = await connectTls(port, { authority: certificates.authority });
  socket.write('GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
  expect((await readBytes(socket, 15)).toString()).toBe('HTTP/1.1 200 OK');
  expect(socket.bytesRead).toBeLessThan(big.length / 2);
  socket.destroy();
  const broken = await connectTls(port, { authority: certificates.authority });
  broken.write('NONSENSE\r\n\r\n');
  expect(await readToEnd(broken)).toMatch(/^HTTP\/1\.1 400 Bad Request/);
});

test('the certificates are one set, and more can be issued from it', async () => {
  expect(await getTestCertificates()).toBe(certificates);
  const issued = await issueTestCertificate({ commonName: 'another' });
  const answer = await request('GET', `https://localhost:${port}/`, {
    authority: certificates.authority,
    certificate: issued,
  });
  expect(answer.headers['x-seen']).toBe('GET / another');
});

describe('startProcess', () => {
  const folder = makeTemporaryFolder();
  const program = path.join(folder, 'program.mjs');

  beforeAll(() => {
    writeFileSync(
      program,
      `process.on('SIGTERM', () => { console.log('stopping'); process.exit(3); });
       console.log('starting'); console.log(JSON.stringify({ ready: true, port: 7 }));
       setInterval(() => {}, 1000);`,
    );
  });

  test('waits for lines and records, and for the end by a signal', async () => {
    const started = startProcess([program]);
    expect(await started.waitForRecord((record) => record.ready === true)).toMatchObject({ port: 7 });
    expect(await started.waitForLine((line) => line.startsWith('start'))).toBe('starting');
    expect(await started.kill('SIGTERM')).toEqual({ code: 3, signal: null });
    expect(started.stdout.at(-1)).toBe('stopping');
  });

  test('SIGKILL ends it where it stands', async () => {
    const started = startProcess([program]);
    await started.waitForLine((line) => line === 'starting');
    expect(await started.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('says what was written when the awaited line does not come', async () => {
    const started = startProcess(['-e', 'console.log("one"); console.error("two"); process.exit(5)']);
    await expect(started.waitForLine((line) => line === 'three')).rejects.toThrow(/ended with 5.*one.*two/s);
    const silent = startProcess([program]);
    await expect(silent.waitForLine((line) => line === 'three', 1)).rejects.toThrow(/waited for in 1 ms/);
  });
});
