import { expect, test } from 'vitest';
import { createConnector, type Sink } from '../../../bridge/https/connection.ts';
import { toSecureContext } from '../../../bridge/https/tls.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { atEnd } from '../../support/cleanup.ts';
import { startServer } from '../omar/omar-setup.ts';

const broken = new Error('a fault of ours');
const fail = (): never => {
  throw broken;
};

test.each([
  ['takes a chunk', (): Sink => ({ maxBytes: 1_000, take: fail })],
  ['is chosen', fail],
])('a sink that fails as it %s is not taken for a cut by the other side', async (_, toSink) => {
  const origin = await startServer((_request, response) => response.end('a whole answer'));
  const { authority, staff } = await getTestCertificates();
  const [certificate, key] = [Buffer.from(staff.certificatePem), Buffer.from(staff.keyPem)];
  const connector = createConnector({
    origin,
    secureContext: toSecureContext({ kind: 'pem', certificate, key }, Buffer.from(authority.certificatePem)),
    connectTimeoutMs: 10_000,
    clock: systemClock,
    maxAnswerBytes: 1_000,
    end: /$/,
  });
  atEnd(() => connector.closeAll());
  const connection = connector.open();
  const request = { method: 'GET' as const, path: '/', headers: {} };
  const limits = { signal: AbortSignal.timeout(10_000) };
  await expect(connection.exchange({ ...request, toSink }, limits)).rejects.toBe(broken);
  await connection.close();
});
