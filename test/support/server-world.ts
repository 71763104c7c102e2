import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { stringify } from 'yaml';
import type { ServerConfig } from '../../server/config.ts';
import { sweepOrphans } from '../../server/jobs/sweep.ts';
import { check, graceMs } from '../../storage/check.ts';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';
import type { Posting } from '../../storage/ports/postings.ts';
import type { Retrieval } from '../../storage/ports/retrievals.ts';
import { postFile } from '../../storage/post-file.ts';
import { enrol } from '../server/test-server.ts';
import { getTestCertificates } from './certificates.ts';
import { atEnd } from './cleanup.ts';
import { startProcess } from './process.ts';
import { toStorageConfig } from './store.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { toWorldServer, type WorldServer } from './world-server.ts';

const product = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
const struckProgram = fileURLToPath(new URL('server-program.ts', import.meta.url));

/** One store, and as many servers on it as a test wants; gone after the test file. */
export interface ServerWorld {
  /** Opened in this process, for what lies before and behind the servers. */
  readonly store: Store;
  readonly databaseFile: string;
  readonly filesFolder: string;
  /** Waits until bytes of a posting that is under way lie on the disk. */
  waitForPartial(): Promise<void>;
  /** The product's own program on a free port. */
  start(): Promise<WorldServer>;
  /** The server composed with points, a minute behind (see `server-program.ts`); it kills itself at one of them. */
  startStruck(killAt: string | undefined): Promise<WorldServer>;
  /** Runs the command line to its end, in a process of its own; throws when it fails. */
  runCommand(...args: string[]): Promise<void>;
  /** Posts to the first ESP's mailbox without a server. */
  keep(body: Buffer, files?: FileStore): Promise<Posting>;
  /** The record of retrievals of the first ESP's mailbox, newest first. */
  listRetrievals(): Promise<Retrieval[]>;
  /**
   * Fails when the store contradicts an invariant, or is left with anything by instances that are dead. Bytes left by
   * the dead are no finding while they may be somebody's post under way; swept without grace, nothing remains.
   *
   * @returns how many left-over files there were to sweep
   */
  expectSound(): Promise<number>;
}

interface Settings {
  /** Where the store lies. */
  readonly folder?: string;
  readonly ballastBytes?: number;
  readonly limits?: Partial<ServerConfig['limits']>;
  readonly stopTimeoutMs?: number;
}

/** A new store with staff, a program, two ESPs and a UDC, whose clients have certificates. */
export async function createServerWorld(settings: Settings = {}): Promise<ServerWorld> {
  const certificates = await getTestCertificates();
  const { folder = makeTemporaryFolder(), limits = { reserveBytes: 0 }, stopTimeoutMs = 10_000 } = settings;
  const { ballastBytes = 0 } = settings;
  const storage = { ...toStorageConfig(folder), ballastBytes };
  const server = {
    listen: { host: '127.0.0.1', port: 0 },
    certificateFile: certificates.server.certificatePath,
    keyFile: certificates.server.keyPath,
    clientAuthorityFiles: [certificates.authority.certificatePath],
    observe: { port: 0 },
    support: [{ name: 'Help desk', contact: '+1 555 0100' }],
    limits,
    stopTimeoutMs,
    // Its files would come between the acts that are counted and the room that is measured.
    jobs: { compress: false },
  };
  const configFile = path.join(folder, 'mdma.yaml');
  writeFileSync(configFile, stringify({ storage, server }));
  await createStore(storage, systemClock);
  const store = await openStore(storage, { program: 'ops', clock: systemClock });
  atEnd(() => store.close());
  await enrol(store, certificates);
  const { catalogue, files } = store;

  return {
    store,
    databaseFile: storage.databaseFile,
    filesFolder: storage.filesFolder,
    waitForPartial: () =>
      vi.waitFor(() => {
        const names = readdirSync(storage.filesFolder, { recursive: true, encoding: 'utf8' });
        expect(names.filter((name) => name.endsWith('.part'))).toHaveLength(1);
      }, 10_000),
    start: () => toWorldServer(startProcess([product, 'server', '--config', configFile])),
    startStruck: (killAt) =>
      toWorldServer(startProcess([struckProgram, JSON.stringify({ storage, server, killAt })])),
    async runCommand(...args) {
      const command = startProcess([product, ...args, '--config', configFile]);
      expect(await command.exited, command.stderr.join('\n')).toEqual({ code: 0, signal: null });
    },
    keep: (body, files = store.files) => postAsStaff({ ...store, files }, body),
    async listRetrievals() {
      const [mailbox] = await catalogue.mailboxes.getMailboxes([parseMailboxName('esp-one')]);
      const page = { name: undefined, before: undefined, limit: 1_000 };
      return (await catalogue.retrievals.listRetrievals(mailbox?.id ?? 0, page)).retrievals;
    },
    async expectSound() {
      expect(await check({ ...store, clock: systemClock }, { graceMs, isQuick: false })).toEqual([]);
      const later = { now: () => Number.MAX_SAFE_INTEGER };
      expect(await catalogue.instances.listDeadInstances(systemClock.now())).toEqual([]);
      const swept = await sweepOrphans({ catalogue, files, clock: later, graceMs: 0 });
      expect(await check({ ...store, clock: later }, { graceMs: 0, isQuick: false })).toEqual([]);
      return swept;
    },
  };
}

async function postAsStaff(store: Store, body: Buffer): Promise<Posting> {
  const { participants, mailboxes } = store.catalogue;
  const postedBy = await participants.findParticipant(parseParticipantName('staff'));
  if (postedBy === undefined) throw new Error('Cannot post: there is no staff');
  const { posting } = await postFile(
    { ...store, clock: systemClock, limits: { maxBytes: body.length, reserveBytes: 0 } },
    {
      postedBy,
      mailboxes: await mailboxes.getMailboxes([parseMailboxName('esp-one')]),
      originalName: '',
      format: undefined,
      profile: undefined,
      isComplete: true,
      corrects: null,
      reasonCode: null,
      note: '',
      isoAccount: null,
      idempotency: null,
    },
    toChunks(body),
    { bytes: undefined, sha256: undefined },
  );
  return posting;
}

async function* toChunks(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}
