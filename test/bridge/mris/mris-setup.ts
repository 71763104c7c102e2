import { generateKeyPairSync, randomUUID } from 'node:crypto';
import forge from 'node-forge';
import { createMrisClient, type MrisClientSettings } from '../../../bridge/mris/client.ts';
import { loadMapping } from '../../../bridge/mris/messages/mapping.ts';
import type { MrisClient } from '../../../bridge/mris/outcomes.ts';
import type { RetrievePace } from '../../../bridge/mris/pace.ts';
import {
  createMrisSimulator,
  type MrisSimulator,
  type MrisSimulatorOptions,
} from '../../../bridge/simulator/mris.ts';
import type { MeterDataRow } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { writeMeterData } from '../../../storage/formats/meter-data-xml/writer.ts';
import { dayMs, type Instant, minuteMs } from '../../../storage/model/time.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { atEnd } from '../../support/cleanup.ts';

export const mapping = await loadMapping();

/** The same key for every user of a test file: making one takes longer than most tests. */
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A user's certificate with a subject as the ISO gives them, from the shared test authority. */
export async function issueUser(commonName: string): Promise<{ certificatePem: string; keyPem: string }> {
  const { authority } = await getTestCertificates();
  const issuer = forge.pki.certificateFromPem(authority.certificatePem);
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = `01${randomUUID().replaceAll('-', '')}`;
  certificate.validity.notBefore = new Date(Date.now() - minuteMs);
  certificate.validity.notAfter = new Date(Date.now() + dayMs);
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.setSubject([
    { shortName: 'C', value: 'US' },
    { shortName: 'O', value: 'CAISO' },
    { shortName: 'OU', value: 'people' },
    { shortName: 'CN', value: commonName },
  ]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.sign(forge.pki.privateKeyFromPem(authority.keyPem), forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem: keys.privateKey };
}

export const user = await issueUser('MDMA USERx0001');

/** Where the time of the next retrieve is kept, in memory, with what was recorded on the way. */
export function createPace(): RetrievePace & { readonly recorded: Instant[] } {
  const recorded: Instant[] = [];
  return {
    recorded,
    async takeRetrieve(now, untilAt) {
      const nextAt = recorded.at(-1) ?? now;
      if (nextAt > now) return nextAt;
      recorded.push(untilAt);
      return undefined;
    },
    async settleRetrieve(_untilAt, nextAt) {
      recorded.push(nextAt);
    },
  };
}

/** A clock that a test moves. */
export function createTestClock(startAt: Instant = Date.now()) {
  let now = startAt;
  return {
    now: () => now,
    pass(ms: number) {
      now += ms;
    },
  };
}

/** A simulator that listens on loopback until the end of the test file. */
export async function startSimulator(options: Partial<MrisSimulatorOptions> = {}): Promise<MrisSimulator> {
  const { authority, server } = await getTestCertificates();
  const simulator = createMrisSimulator({
    certificatePem: server.certificatePem,
    keyPem: server.keyPem,
    clientAuthorityPem: authority.certificatePem,
    clock: systemClock,
    mapping,
    validationMs: 0,
    ...options,
  });
  await simulator.listen();
  atEnd(() => simulator.close());
  return simulator;
}

/** A client with the certificate of `user`, closed at the end of the test file. */
export async function makeClient(
  url: string,
  overrides: Partial<MrisClientSettings> = {},
): Promise<MrisClient> {
  const { authority } = await getTestCertificates();
  const client = createMrisClient({
    url,
    certificate: toPem(user),
    authority: Buffer.from(authority.certificatePem),
    attachments: 'plain',
    signatureHash: 'sha1',
    mapping,
    connectTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    submitTimeoutMs: 10_000,
    pace: createPace(),
    clock: systemClock,
    newId: randomUUID,
    ...overrides,
  });
  atEnd(() => client.close());
  return client;
}

export function toPem({ certificatePem, keyPem }: { certificatePem: string; keyPem: string }) {
  return { kind: 'pem', certificate: Buffer.from(certificatePem), key: Buffer.from(keyPem) } as const;
}

/** Far enough away to be no limit. */
export const laterAt = Number.MAX_SAFE_INTEGER;

/** Start of the trade day that the rows are of: 1 March 2020 in California. */
export const dayStartAt = Date.UTC(2020, 2, 1, 8);

/** So many quarter hours of one resource, all of them valid. */
export function toRows(intervals: number, overrides: Partial<MeterDataRow> = {}): MeterDataRow[] {
  return Array.from({ length: intervals }, (_, at) => ({
    resourceId: 'EXAMPL_1_UNIT1',
    measurementType: 'GEN',
    unit: 'MWH',
    intervalMinutes: 15,
    endAt: dayStartAt + (at + 1) * 15 * minuteMs,
    value: `${at}.250`,
    isEstimated: at % 4 === 3,
    ...overrides,
  }));
}

export function toDocument(rows: readonly MeterDataRow[]): Buffer {
  return Buffer.from([...writeMeterData(rows, mapping.meterData)].join(''));
}
