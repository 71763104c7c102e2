import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { runBridge } from '../../bridge/app.ts';
import { bridgeConfigSchema, toBridgeSettings } from '../../bridge/config.ts';
import { parseCsvLayout } from '../../bridge/csv-layout.ts';
import { stateTable } from '../../bridge/forwarding/states.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { loadMapping } from '../../bridge/mris/messages/mapping.ts';
import { downloadShapeSchema } from '../../bridge/omar/download-shape.ts';
import { openAccounts } from '../../bridge/open-accounts.ts';
import type { MrisFaultInput } from '../../bridge/simulator/mris/faults.ts';
import {
  createMrisSimulator,
  type MrisSimulator,
  type MrisSimulatorOptions,
} from '../../bridge/simulator/mris.ts';
import type { OmarFaultInput } from '../../bridge/simulator/omar/faults.ts';
import { createOmarSimulator, type OmarSimulator } from '../../bridge/simulator/omar.ts';
import { check } from '../../storage/check.ts';
import type { StorageConfig } from '../../storage/config.ts';
import type { ForwardingState } from '../../storage/model/forwarding.ts';
import { parseParticipantName } from '../../storage/model/mailbox.ts';
import type { NewMapping } from '../../storage/model/resource.ts';
import { hourMs } from '../../storage/model/time.ts';
import type { Transaction } from '../../storage/model/transaction.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { Forwarding, ListedForwarding } from '../../storage/ports/forwardings.ts';
import type { Posting } from '../../storage/ports/postings.ts';
import { postFile } from '../../storage/post-file.ts';
import { getTestCertificates } from './certificates.ts';
import { atEnd } from './cleanup.ts';
import { toDownloadSettings } from './download-shape.ts';
import { type StartedProcess, startProcess } from './process.ts';
import { toShortPaces } from './short-paces.ts';
import { toStorageConfig } from './store.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const isoAccount = 'sc-one';
/** The account at MRI-S of worlds that have one. */
export const mrisAccount = 'sc-one-mris';
const program = fileURLToPath(new URL('bridge-program.ts', import.meta.url));
const graceMs = 3_600_000;

/** What a bridge in this process tells is seen in what it does. */
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Delays for tests: short, but in the order of the real ones. */
const bridgeSettings = {
  pollSeconds: 0.02,
  heartbeatSeconds: 1,
  leaseSeconds: 3.2,
  uploadDeadlineSeconds: 1.6,
  reconcileMarginSeconds: 0.1,
  quietSeconds: 0.05,
  sentinelWaitSeconds: 600,
  recheckSeconds: 0.1,
  retryFirstSeconds: 0.1,
  retryMaxSeconds: 0.4,
  followDelaysSeconds: [0.03, 0.1],
  requestTimeoutSeconds: 2,
  mris: {
    followDelaysSeconds: [0.03, 0.1],
    maxPartBytes: 20_000,
    validationSeconds: 0.3,
    clockMarginSeconds: 0,
  },
};

function withShort(settings: { readonly mris?: object; readonly csvLayout?: unknown }): object {
  return { ...bridgeSettings, ...settings, mris: { ...bridgeSettings.mris, ...settings.mris } };
}

/** A meter, whose KWH is `R_<meter>` as LOAD through the first account, or what else of its mapping matters. */
export type MapInput = string | ({ readonly meter: string } & Partial<NewMapping>);

export interface StartBridge {
  /** In place of the short delays of these tests, as the configuration has them. */
  readonly settings?: object;
  /** At which point the bridge sends itself a signal: by its number, or each of that name, or the `nth` of that name. */
  readonly strike?: {
    readonly at: number | string;
    readonly nth?: number;
    readonly signal: 'SIGKILL' | 'SIGSTOP';
  };
  /** Another store than the world's, such as one that was restored. */
  readonly storage?: StorageConfig;
}

/** A store and the simulated ISO in this process, and as many bridges as a test wants. */
export interface BridgeWorld {
  readonly store: Store;
  readonly simulator: OmarSimulator;
  /** MRI-S, and the account there that everything goes to unless said, in worlds made by `createMrisWorld`. */
  readonly mris?: MrisSimulator;
  readonly storage: StorageConfig;
  /** The names of its accounts; everything goes to the first unless said. */
  readonly accounts: readonly string[];
  /** What the command line is configured by: storage, the accounts, and the bridge with downloads. */
  readonly config: object;
  /** A bridge in a process of its own, which can be killed or stopped. */
  startBridge(input?: StartBridge): StartedProcess;
  /** A bridge in this process; a call of what it gives stops it and resolves when it has ended. */
  runBridge(settings?: object): Promise<() => Promise<void>>;
  /** Posts a file as staff: for conversion, or to pass through to an account. */
  post(
    bytes: Uint8Array,
    input?: { passThrough?: boolean; account?: string; corrects?: Transaction },
  ): Promise<Posting>;
  map(meters: readonly MapInput[]): Promise<void>;
  listForwardings(): Promise<readonly ListedForwarding[]>;
  /** Waits until every forwarding satisfies `isIt`. */
  waitUntilAll(
    isIt: (forwarding: ListedForwarding) => boolean,
    timeoutMs?: number,
    intervalMs?: number,
  ): Promise<void>;
  /**
   * Fails unless the ISO holds every part exactly once, every move on record is one of the table of states, and the
   * store contradicts no invariant.
   */
  expectOnceEach(): Promise<void>;
  /** Ends bridges in this process and all they worked with; done at the end of the test file where nobody calls it. */
  close(): Promise<void>;
}

/** A world whose accounts are at MRI-S; one at OMAR-Online is there, too. */
export async function createMrisWorld(
  faults: readonly MrisFaultInput[] = [],
  options: Pick<MrisSimulatorOptions, 'scIds'> & Pick<WorldOptions, 'accounts' | 'folder'> = {},
): Promise<BridgeWorld & { readonly mris: MrisSimulator }> {
  const { authority, server } = await getTestCertificates();
  const mris = createMrisSimulator({
    certificatePem: server.certificatePem,
    keyPem: server.keyPem,
    clientAuthorityPem: authority.certificatePem,
    host: 'localhost',
    clock: systemClock,
    mapping: await loadMapping(),
    validationMs: 0,
    spacingMs: 50,
    faults,
    ...options,
  });
  await mris.listen();
  atEnd(() => mris.close());
  const world = await createBridgeWorld([], { ...options, mris });
  const close = async () => {
    await world.close();
    await mris.close();
  };
  return { ...world, mris, close };
}

interface WorldOptions {
  /** How many accounts there are; one unless said. */
  readonly accounts?: number;
  /** What else of the accounts' configuration matters. */
  readonly over?: object;
  readonly mris?: MrisSimulator;
  /** In place of the shape of downloads that these tests have. */
  readonly download?: object;
  /** The layout of CSV files, of the bridge and of the ISO, as `bridge.csvLayout` says it. */
  readonly csvLayout?: unknown;
  /** Resources that OMAR-Online has; all that are well named when left out. */
  readonly resources?: readonly string[];
  /** Where the store lies. */
  readonly folder?: string;
}

export async function createBridgeWorld(
  faults: readonly OmarFaultInput[] = [],
  {
    accounts = 1,
    over = {},
    mris,
    download = toDownloadSettings(),
    csvLayout = 'gmt',
    resources,
    folder = makeTemporaryFolder(),
  }: WorldOptions = {},
): Promise<BridgeWorld> {
  const { authority, server, program: client } = await getTestCertificates();
  const simulator = createOmarSimulator({
    certificatePem: server.certificatePem,
    keyPem: server.keyPem,
    clientAuthorityPem: authority.certificatePem,
    host: 'localhost',
    clock: systemClock,
    delays: { uploadingMs: 0, uploadCompleteMs: 0, runningValidationMs: 0 },
    csvLayout: parseCsvLayout(csvLayout),
    ...(resources && { resources }),
    download: downloadShapeSchema.parse(download),
    faults,
  });
  await simulator.listen();
  const tasks = [() => simulator.close()];
  const close = async () => {
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await task();
  };
  atEnd(close);
  const storage = toStorageConfig(folder);
  await createStore(storage, systemClock);
  const store = await openStore(storage, { program: 'server', clock: systemClock });
  tasks.push(() => store.close());
  const { catalogue } = store;
  const staff = await catalogue.participants.addParticipant({
    name: parseParticipantName('staff'),
    title: 'Staff',
    role: 'staff',
  });
  const account = {
    scId: 'SC1',
    environment: 'simulator',
    certificate: { certificateFile: client.certificatePath, keyFile: client.keyPath },
    authorityFile: authority.certificatePath,
    ...over,
  };
  const [way, url] = mris === undefined ? (['omar', simulator.url] as const) : (['mris', mris.url] as const);
  const first = way === 'omar' ? isoAccount : mrisAccount;
  const more = Array.from({ length: accounts - 1 }, (_, at) => `${first}-${at + 2}`);
  const atOmar = { ...account, name: isoAccount, way: 'omar', url: simulator.url };
  const those = [first, ...more].map((name) => ({ ...account, name, way, url }));
  const iso = { accounts: way === 'omar' ? those : [atOmar, ...those] };

  async function listForwardings() {
    const filter = { state: undefined, transaction: undefined, before: undefined, limit: 1_000 };
    return (await catalogue.forwardings.listForwardings(filter)).forwardings;
  }

  return {
    store,
    simulator,
    ...(mris && { mris }),
    storage,
    accounts: [first, ...more],
    config: { storage, iso, bridge: { ...bridgeSettings, csvLayout, download } },
    listForwardings,
    close,
    startBridge({ settings = {}, strike, storage: place = storage } = {}) {
      return startProcess([
        program,
        JSON.stringify({ storage: place, bridge: withShort({ csvLayout, ...settings }), iso, strike }),
      ]);
    },
    async runBridge(settings = {}) {
      const config = bridgeConfigSchema.parse(withShort({ csvLayout, ...settings }));
      const deps = { clock: systemClock, log: silentLog };
      const opened = await openStore(storage, { program: 'bridge', clock: systemClock });
      const paces = toShortPaces(opened.catalogue.retrievePaces);
      const { accounts, faults } = await openAccounts(isoConfigSchema.parse(iso), config, { ...deps, paces });
      if (faults.length > 0) throw new Error(faults.map(({ words }) => words).join('; '));
      const stop = new AbortController();
      const ended = runBridge(
        {
          ...deps,
          store: opened,
          accounts,
          notServed: faults,
          settings: toBridgeSettings(config),
          monotonicMs: () => performance.now(),
          random: Math.random,
        },
        stop.signal,
      ).finally(() => Promise.all([opened.close(), ...accounts.map(({ iso }) => iso.close())]));
      const end = async () => {
        stop.abort();
        await ended;
      };
      tasks.push(end);
      return end;
    },
    async post(bytes, { passThrough = false, account: name = first, corrects } = {}) {
      const deps = { ...store, clock: systemClock, limits: { maxBytes: 10_000_000, reserveBytes: 0 } };
      const request = {
        postedBy: staff,
        mailboxes: [],
        originalName: '',
        format: undefined,
        profile: undefined,
        isComplete: true,
        corrects: corrects ?? null,
        reasonCode: corrects === undefined ? null : ('misread' as const),
        note: '',
        isoAccount: passThrough ? { name, way } : null,
        idempotency: null,
      };
      const body = (async function* () {
        yield bytes;
      })();
      return (await postFile(deps, request, body, { bytes: undefined, sha256: undefined })).posting;
    },
    async map(meters) {
      for (const each of meters) {
        const { meter, ...over } = typeof each === 'string' ? { meter: each } : each;
        await catalogue.resources.mapResource({
          meter,
          unit: 'KWH',
          resourceId: `R_${meter}`,
          measurementType: 'LOAD',
          account: first,
          way,
          effectiveFrom: '2020-01-01',
          ...over,
        });
      }
    },
    async waitUntilAll(isIt, timeoutMs = 60_000, intervalMs = 40) {
      const expectAll = async () => {
        const others = (await listForwardings()).filter((each) => !isIt(each));
        expect(others.map(({ id, state, reason }) => ({ id, state, reason }))).toEqual([]);
      };
      await vi.waitFor(expectAll, { timeout: timeoutMs, interval: intervalMs });
    },
    async expectOnceEach() {
      const forwardings = await listForwardings();
      const parts = forwardings.flatMap((forwarding) =>
        forwarding.parts.map(({ file }) => file.sha256 as string),
      );
      const atOmar = simulator.holdings().filter(({ status }) => status !== 'Upload Error');
      const held = [...atOmar, ...(mris?.holdings() ?? [])].map(({ sha256 }) => sha256);
      expect(held.sort()).toEqual(parts.sort());
      for (const { id } of forwardings) expectMovesOfTable(await catalogue.forwardings.findForwarding(id));
      expect(await check({ ...store, clock: systemClock }, { graceMs, isQuick: false })).toEqual([]);
    },
  };
}

function expectMovesOfTable(forwarding: Forwarding | undefined): void {
  const states = (forwarding?.history ?? []).flatMap(
    ({ body }) => (body as { state?: ForwardingState }).state ?? [],
  );
  expect(states[0]).toBe('due');
  for (const [index, to] of states.slice(1).entries()) {
    const from = states[index] ?? 'due';
    const { passages, byStaff } = stateTable[from];
    expect([from, ...[...passages, ...byStaff].map((passage) => passage.to)], `from ${from}`).toContain(to);
  }
}

/** A file in OMAR's CSV that is like no other: one hour of one resource. */
export function toOmarCsvFile(number: number): Uint8Array {
  const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY';
  const value = (number / 1000).toFixed(3);
  return Buffer.from(`${header}\r\nR_${number},LOAD,KWH,60,2025-11-19T09:00:00Z,${value},\r\n`);
}

/** One record of CMEP: hours of a meter, from 08:00 UTC of a day on, midnight in California. */
export function toCmepHours(meter: string, values: readonly (number | string)[], day = '2025-11-19'): string {
  const toStamp = (at: number) => new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 12);
  const startAt = Date.parse(`${day}T08:00Z`);
  const triplets = values.map((value, at) => `${toStamp(startAt + (at + 1) * hourMs)},,${value}`);
  return `MEPMD01,19970819,MDMA,,ESP,,202511240930,${meter},OK,E,KWH,1,00000100,${values.length},${triplets.join(',')}\r\n`;
}
