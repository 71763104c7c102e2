import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createOmarClient, type OmarClientSettings } from '../../../bridge/omar/client.ts';
import type { OmarClient } from '../../../bridge/omar/outcomes.ts';
import {
  createOmarSimulator,
  type OmarSimulator,
  type OmarSimulatorOptions,
} from '../../../bridge/simulator/omar.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { atEnd } from '../../support/cleanup.ts';

/** Every step of validation takes no time: an upload's status is final at once. */
export const noDelays = { uploadingMs: 0, uploadCompleteMs: 0, runningValidationMs: 0 };

/** A simulator that listens on loopback until the end of the test file. */
export async function startSimulator(options: Partial<OmarSimulatorOptions> = {}): Promise<OmarSimulator> {
  const { authority, server } = await getTestCertificates();
  const simulator = createOmarSimulator({
    certificatePem: server.certificatePem,
    keyPem: server.keyPem,
    clientAuthorityPem: authority.certificatePem,
    clock: systemClock,
    delays: noDelays,
    ...options,
  });
  await simulator.listen();
  atEnd(() => simulator.close());
  return simulator;
}

/** A client with the certificate of `staff`, closed at the end of the test file. */
export async function makeClient(
  url: string,
  overrides: Partial<OmarClientSettings> = {},
): Promise<OmarClient> {
  const { authority, staff } = await getTestCertificates();
  const client = createOmarClient({
    url,
    certificate: {
      kind: 'pem',
      certificate: Buffer.from(staff.certificatePem),
      key: Buffer.from(staff.keyPem),
    },
    authority: Buffer.from(authority.certificatePem),
    connectTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    uploadTimeoutMs: 10_000,
    maxPages: 100,
    cookieStyle: 'plain',
    clock: systemClock,
    ...overrides,
  });
  atEnd(() => client.close());
  return client;
}

/** An HTTPS server that asks for a client certificate and does as it is told, for answers no simulator would give. */
export async function startServer(listener: RequestListener): Promise<string> {
  const { authority, server: own } = await getTestCertificates();
  const server = createServer(
    { cert: own.certificatePem, key: own.keyPem, ca: authority.certificatePem, requestCert: true },
    listener,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Far enough away to be no limit. */
export const laterAt = Number.MAX_SAFE_INTEGER;

/** OMAR CSV of so many intervals of one resource, all of them valid. */
export function toCsv(intervals: number, resource = 'EXAMPL_1_UNIT1'): Buffer {
  const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY\r\n';
  const start = Date.UTC(2004, 2, 1);
  const rows = Array.from({ length: intervals }, (_, at) => {
    const end = new Date(start + (at + 1) * 900_000).toISOString().replace('.000', '');
    return `${resource},GEN,KWH,15,${end},${at}.250,\r\n`;
  });
  return Buffer.from(header + rows.join(''));
}
