import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { toPkcs12 } from '../../../certs/generate.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { atEnd } from '../../support/cleanup.ts';
import { startServer } from '../omar/omar-setup.ts';
import { laterAt, makeClient, startSimulator, toDocument, toPem, toRows, user } from './mris-setup.ts';

const document = toDocument(toRows(2));
const received =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><StandardOutput>' +
  '<Batch><mRID>42</mRID></Batch></StandardOutput></s:Body></s:Envelope>';

/** A server that answers every request with these bytes, and then closes the line or keeps it. */
async function startRawServer(bytes: string | Buffer, isClosed: boolean): Promise<string> {
  const { authority, server: own } = await getTestCertificates();
  const server: Server = createTlsServer(
    { cert: own.certificatePem, key: own.keyPem, ca: authority.certificatePem, requestCert: true },
    (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        if (isClosed) socket.end(bytes);
        else socket.write(bytes);
      });
    },
  );
  return listen(server);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `https://127.0.0.1:${address.port}`;
}

describe('a line that misbehaves after a submit leaves it unknown', () => {
  test.each([
    ['a header of 20 MB', `HTTP/1.1 200 OK\r\nX-Long: ${'a'.repeat(20_000_000)}\r\n\r\n`, true],
    ['half an answer by its length', `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${received}`, true],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n500\r\nabc', true],
    ['no end that can be known', `HTTP/1.1 200 OK\r\n\r\n${received.slice(0, -30)}`, true],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', true],
    [
      'more than any answer has',
      `HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n${'a'.repeat(33_600_000)}`,
      false,
    ],
  ])('%s', async (_, bytes, isClosed) => {
    const client = await makeClient(await startRawServer(bytes, isClosed));
    expect(await client.submitMeterData(document, laterAt)).toMatchObject({ kind: 'unknown' });
    expect(await client.batchStatus('1')).toMatchObject({ kind: 'unavailable' });
  });

  test('but an answer that only the end of the line ends is one when it is whole', async () => {
    const client = await makeClient(
      await startRawServer(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n${received}`, true),
    );
    expect(await client.submitMeterData(document, laterAt)).toMatchObject({
      kind: 'received',
      batchId: '42',
    });
  });
});

describe('nothing is sent', () => {
  test('where nobody listens, there is no such host, or the hand-shake does not end', async () => {
    const silent = createServer((socket) => socket.on('error', () => socket.destroy()));
    const urls = ['https://127.0.0.1:1', 'https://mris.invalid', await listen(silent)];
    for (const url of urls) {
      const client = await makeClient(url, { submitTimeoutMs: 500, connectTimeoutMs: 400 });
      expect(await client.submitMeterData(document, laterAt)).toMatchObject({ kind: 'unavailable' });
    }
  });

  test('to a server whose certificate is of another authority', async () => {
    const simulator = await startSimulator();
    const { staff } = await getTestCertificates();
    const client = await makeClient(simulator.url, { authority: Buffer.from(staff.certificatePem) });
    expect(await client.submitMeterData(document, laterAt)).toMatchObject({ kind: 'unavailable' });
    expect(simulator.holdings()).toEqual([]);
  });
});

describe('the certificate', () => {
  test('is taken from PKCS#12 too, for the line and the signature', async () => {
    const { authority } = await getTestCertificates();
    const simulator = await startSimulator();
    const file = toPkcs12(user, authority, 'secret', 'user');
    const client = await makeClient(simulator.url, {
      certificate: { kind: 'pkcs12', file, passphrase: 'secret' },
    });
    expect(await client.submitMeterData(document, laterAt)).toMatchObject({ kind: 'received' });
    await expect(
      makeClient(simulator.url, { certificate: { kind: 'pkcs12', file, passphrase: 'wrong' } }),
    ).rejects.toThrow(/Cannot sign for MRI-S: /);
  });

  test('and its key must belong together, and be RSA', async () => {
    const { staff } = await getTestCertificates();
    const mixed = toPem({ certificatePem: user.certificatePem, keyPem: staff.keyPem });
    await expect(makeClient('https://localhost', { certificate: mixed })).rejects.toThrow(
      /no certificate that belongs to the key/,
    );
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(
      makeClient('https://localhost', { certificate: toPem({ ...user, keyPem }) }),
    ).rejects.toThrow(/a key of type ec, not rsa/);
  });

  test('may go by another name than its subject, which the ISO then judges', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url, { username: 'CN=ANOTHER' });
    expect(await client.submitMeterData(document, laterAt)).toEqual({
      kind: 'refused',
      words: 'CAISOUsernameToken Validation Error. Username',
    });
  });
});

test('headers and address are those of the reference client', async () => {
  const seen: [string | undefined, unknown][] = [];
  const url = await startServer((request, response: ServerResponse) => {
    const {
      soapaction,
      'content-type': type,
      'mime-version': mime,
      'ct-remote-user': remote,
    } = request.headers;
    seen.push([request.url, { soapaction, type: type?.replace(/boundary=.*/, ''), mime, remote }]);
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(received));
  });
  for (const attachments of ['plain', 'doc-attach'] as const) {
    const client = await makeClient(`${url}/sst/stlmt/`, { attachments });
    await client.submitMeterData(document, laterAt);
    await client.batchStatus('1');
    await client.retrieveMeterData({ resourceIds: 'ALL', startAt: 0, endAt: 1 });
  }
  const xml = (verb: string) => ({
    soapaction: `http://www.caiso.com/soa/${verb}_v1`,
    type: 'text/xml; charset=UTF-8',
    mime: undefined,
    remote: undefined,
  });
  const path = '/sst/stlmt/';
  expect(seen).toEqual([
    [
      `${path}SubmitMeterData_STLMTv1_AP`,
      {
        soapaction: '"http://www.caiso.com/soa/submitMeterData_v1"',
        type: 'multipart/related; type="text/xml"; start="<payload>"; ',
        mime: '1.0',
        remote: 'CN=MDMA USERx0001,OU=people,O=CAISO,C=US',
      },
    ],
    [`${path}RetrieveBatchValidationStatus_STLMTv1_AP`, xml('retrieveBatchValidationStatus')],
    [`${path}RetrieveMeterData_STLMTv1_AP`, xml('retrieveMeterData')],
    [`${path}SubmitMeterData_STLMTv1_DocAttach_AP`, xml('submitMeterData')],
    [`${path}RetrieveBatchValidationStatus_STLMTv1_DocAttach_AP`, xml('retrieveBatchValidationStatus')],
    [`${path}RetrieveMeterData_STLMTv1_DocAttach_AP`, xml('retrieveMeterData')],
  ]);
});
