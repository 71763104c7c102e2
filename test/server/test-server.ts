import { Writable } from 'node:stream';
import { pino } from 'pino';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { toPartFormats } from '../../ops/to-part-formats.ts';
import { type ServerConfig, serverConfigSchema } from '../../server/config.ts';
import { type RunningServer, type StartDeps, startServer } from '../../server/start.ts';
import type { Role } from '../../storage/model/mailbox.ts';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import type { NewMapping } from '../../storage/model/resource.ts';
import { dayMs } from '../../storage/model/time.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { getTestCertificates, type TestCertificates } from '../support/certificates.ts';
import { atEnd } from '../support/cleanup.ts';
import { type Answer, type RequestOptions, request } from '../support/https.ts';
import { createTestClock, createTestStore, type TestStore } from '../support/store.ts';

export type ClientName = 'staff' | 'program' | 'esp-one' | 'esp-two' | 'udc-one';

export interface TestServer {
  readonly store: TestStore;
  readonly certificates: TestCertificates;
  readonly config: ServerConfig;
  readonly running: RunningServer;
  readonly origin: string;
  /** What was logged so far, one object a record. */
  readonly log: Record<string, unknown>[];
  /** One request with the certificate of `who`; nobody's when undefined. */
  call(
    who: ClientName | undefined,
    method: string,
    path: string,
    options?: Partial<RequestOptions>,
  ): Promise<Answer>;
  /** The same, its answer as JSON. */
  callJson(
    who: ClientName | undefined,
    method: string,
    path: string,
    options?: Partial<RequestOptions>,
    // biome-ignore lint/suspicious/noExplicitAny: what a test reads of it, it compares
  ): Promise<Answer & { json: any }>;
  /** Posts bytes into mailboxes as staff and gives back what was posted. */
  post(
    body: Buffer | string,
    query?: string,
    // biome-ignore lint/suspicious/noExplicitAny: what a test reads of it, it compares
  ): Promise<any>;
  /** Maps the meter of `toSample(1)` to a resource of the account `sc-one` at OMAR-Online, unless said otherwise. */
  map(over?: Partial<NewMapping>): Promise<void>;
}

/** A small CMEP file without faults; another `seed` is another file. */
export function toSample(seed: number, bytes = 4_000): Buffer {
  return toCmepFile(bytes, seed);
}

const mailboxOwners = ['esp-one', 'esp-two', 'udc-one'] as const;

/** The real server on a real store over real HTTPS, with staff, a program, two ESPs and a UDC; gone after the file. */
export async function startTestServer(
  settings: Partial<ServerConfig> = {},
  over: Partial<Pick<StartDeps, 'clockWatch' | 'isoAccounts'>> = {},
): Promise<TestServer> {
  const certificates = await getTestCertificates();
  const store = await createTestStore(createTestClock(Date.now()));
  await enrol(store, certificates);
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const config = {
    ...serverConfigSchema.parse({
      listen: { host: '127.0.0.1', port: 0 },
      certificateFile: certificates.server.certificatePath,
      keyFile: certificates.server.keyPath,
      clientAuthorityFiles: [certificates.authority.certificatePath],
      observe: { port: 0 },
      support: [{ name: 'Help desk', contact: '+1 555 0100' }],
      limits: { reserveBytes: 0 },
      // Tests compress when they say so; a job beside them would change what they count.
      jobs: { compress: false },
      stopTimeoutMs: 200,
    }),
    ...settings,
  };
  const isoAccounts = [{ name: 'sc-one', way: 'omar' as const }];
  const running = await startServer(config, {
    store,
    clock: store.clock,
    logger: pino(sink),
    isoAccounts,
    partFormats: toPartFormats({ bridge: bridgeConfigSchema.parse({}) }),
    ...over,
  });
  atEnd(() => running.stop());
  const origin = `https://localhost:${running.port}`;

  const call: TestServer['call'] = (who, method, path, options = {}) => {
    const { authority } = certificates;
    return request(method, origin + path, {
      authority,
      ...(who && { certificate: certificates[who] }),
      ...options,
    });
  };
  const callJson: TestServer['callJson'] = async (who, method, path, options = {}) => {
    const headers = { accept: 'application/json', ...options.headers };
    const answer = await call(who, method, path, { ...options, headers });
    return { ...answer, json: JSON.parse(answer.body.toString('utf8')) };
  };
  const post: TestServer['post'] = async (body, query = 'mailbox=esp-one') => {
    const { status, json } = await callJson('staff', 'POST', `/postings?${query}`, { body });
    if (status !== 201) throw new Error(`posting was answered ${status}: ${JSON.stringify(json)}`);
    return json;
  };
  const map: TestServer['map'] = async (over = {}) => {
    await store.catalogue.resources.mapResource({
      meter: 'MTR000000001',
      unit: 'KWH',
      resourceId: 'RES_1',
      measurementType: 'GEN',
      account: 'sc-one',
      way: 'omar',
      effectiveFrom: '2025-01-01',
      ...over,
    });
  };
  return { store, certificates, config, running, origin, log, call, callJson, post, map };
}

/** Staff, a program, two ESPs and a UDC with their certificates, and mailboxes of the names of their owners. */
export async function enrol(
  { catalogue }: Pick<TestStore, 'catalogue'>,
  certificates: TestCertificates,
): Promise<void> {
  const people: [ClientName, Role][] = [
    ['staff', 'staff'],
    ['program', 'program'],
    ['esp-one', 'participant'],
    ['esp-two', 'participant'],
    ['udc-one', 'participant'],
  ];
  for (const [text, role] of people) {
    const name = parseParticipantName(text);
    await catalogue.participants.addParticipant({ name, title: `Title of ${text}`, role });
    await catalogue.participants.registerCertificate({
      participant: name,
      fingerprint: certificates[text].fingerprint,
      subject: `CN=${text}`,
      validFromAt: Date.now() - dayMs,
      validToAt: Date.now() + dayMs,
    });
  }
  for (const name of mailboxOwners) {
    await catalogue.mailboxes.addMailbox({
      name: parseMailboxName(name),
      owner: parseParticipantName(name),
      zone: 'America/Los_Angeles',
      profile: 'strict',
      onLineDays: 5,
      allowsRaw: false,
      demandsMapping: false,
      levels: {},
      receivers: [],
    });
  }
}
