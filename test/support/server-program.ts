/**
 * The server as a process of the fault tests: composed as the product composes it, but with a point before and after
 * every durable act (system calls and transactions) and the end of every answer, at which it can be told to kill
 * itself. Points count from the line `{"ready":true,…}` on.
 *
 * Usage: `node server-program.ts '{"storage":…,"server":…,"killAt":"before link 1"}'`
 */
import { fsync, link, unlink, writeSync, writev } from 'node:fs';
import { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { toPartFormats } from '../../ops/to-part-formats.ts';
import { serverConfigSchema } from '../../server/config.ts';
import type { Store } from '../../storage/open.ts';
import { instanceTimeoutMs } from '../../storage/ports/instances.ts';
import { createStrikePoints } from './strike-points.ts';

const { storage, server, killAt } = JSON.parse(process.argv[2] ?? '{}');
const points = createStrikePoints(killAt);

/** It lived a minute ago: whoever looks after it was killed finds an instance that counts as dead, and need not wait. */
const clock = { now: () => Date.now() - 2 * instanceTimeoutMs };

/**
 * Points at the system calls that make a file durable, for everybody in the process who makes promises of them from
 * now on: what does so must be imported later.
 */
function pointAtSystemCalls(): void {
  for (const [act, call] of Object.entries({ link, unlink, writev, sync: fsync })) {
    const promised = promisify(call as never) as () => Promise<unknown>;
    Object.defineProperty(call, promisify.custom, { value: points.around(act, promised) });
  }
}

/** Points before the last byte of an answer is handed over and after the operating system has it. */
function pointAtAnswers(): void {
  const { end } = ServerResponse.prototype;
  ServerResponse.prototype.end = function pointed(this: ServerResponse, ...args: unknown[]) {
    const number = points.count('end');
    points.reach(`before end ${number}`);
    this.once('finish', () => points.reach(`after end ${number}`));
    return Reflect.apply(end, this, args);
  };
}

function withStorePoints(store: Store): Store {
  const { postings, retrievals } = store.catalogue;
  const { open: openFile } = store.files;
  return {
    ...store,
    files: {
      ...store.files,
      open: async (root, key) => points.aroundAll(await openFile(root, key), ['read']),
    },
    catalogue: {
      ...store.catalogue,
      postings: points.aroundAll(postings, ['openSource', 'addReadingSets', 'commitPosting']),
      retrievals: points.aroundAll(retrievals, ['openRetrieval', 'endRetrieval']),
    },
  };
}

pointAtSystemCalls();
pointAtAnswers();
const { startServer } = await import('../../server/start.ts');
const { openStore } = await import('../../storage/open.ts');
const store = await openStore(storage, { program: 'server', clock });
const running = await startServer(serverConfigSchema.parse(server), {
  store: withStorePoints(store),
  clock,
  logger: pino({ level: 'error' }, pino.destination({ dest: 1, sync: true })),
  isoAccounts: [],
  partFormats: toPartFormats({ bridge: bridgeConfigSchema.parse({}) }),
});
points.arm();
writeSync(1, `${JSON.stringify({ ready: true, port: running.port })}\n`);
process.once('SIGTERM', async () => {
  await running.stop();
  await store.close();
});
