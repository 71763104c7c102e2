/**
 * The bridge as a process of the fault tests: composed as the product composes it, but with a point before and after
 * every remote act, in the middle of each sending, and before and after every database step that writes, at which it can
 * be told to kill or stop itself.
 *
 * Usage: `node bridge-program.ts '{"storage":…,"bridge":…,"iso":…,"strike":{"at":7,"signal":"SIGKILL"}}'`
 * Writes a JSON record a line: `{"point":7,"name":"before upload"}` and what the bridge logs.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { runBridge } from '../../bridge/app.ts';
import { bridgeConfigSchema, toBridgeSettings } from '../../bridge/config.ts';
import { createMrisWay } from '../../bridge/forwarding/mris/create-mris-way.ts';
import { createOmarWay } from '../../bridge/forwarding/omar/create-omar-way.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import type { ServedAccount } from '../../bridge/loop.ts';
import type { MrisClient } from '../../bridge/mris/outcomes.ts';
import type { OmarClient } from '../../bridge/omar/outcomes.ts';
import { openAccount } from '../../bridge/open-account.ts';
import { openMrisAccount, toMrisMs } from '../../bridge/open-mris-account.ts';
import { openStore, type Store } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { FileWriter } from '../../storage/ports/file-store.ts';
import { toShortPaces } from './short-paces.ts';
import { toWritingActs } from './writing-acts.ts';

const { storage, bridge, iso, strike } = JSON.parse(process.argv[2] ?? '{}');
const config = bridgeConfigSchema.parse(bridge);
const writeLine = (record: object) => writeSync(1, `${JSON.stringify(record)}\n`);
const toLog = (level: string) => (fields: object, words: string) => {
  const { err, ...rest } = fields as { err?: unknown };
  writeLine({ level, words, ...rest, ...(err === undefined ? {} : { err: String(err) }) });
};
const log = { info: toLog('info'), warn: toLog('warn'), error: toLog('error') };
const deps = { clock: systemClock, log };

let reached = 0;
const counts = new Map<string, number>();

async function point(name: string): Promise<void> {
  reached += 1;
  writeLine({ point: reached, name });
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (strike?.at !== reached && strike?.at !== name) return;
  if ((strike.nth ?? count) !== count) return;
  process.kill(process.pid, strike.signal);
}

/** A point where a file has been handed over to the kernel and its answer is awaited; the path tells of which act. */
function addPointDuring(act: string, path: RegExp): void {
  subscribe('undici:request:bodySent', (message) => {
    const { request } = message as { request: { method: string; path: string } };
    // What strikes in it does so before it gives a promise.
    if (request.method === 'POST' && path.test(request.path)) void point(`during ${act}`);
  });
}

/** The same object, with a point before and after each of the named methods. */
function withPoints<T extends object>(target: T, names: readonly (keyof T & string)[]): T {
  return new Proxy(target, {
    get(_, name) {
      const method = Reflect.get(target, name);
      if (!names.includes(name as never) || typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await point(`before ${String(name)}`);
        const result = await method.apply(target, args);
        await point(`after ${String(name)}`);
        return result;
      };
    },
  });
}

/** The same port, with points around each method that writes. */
function withWritePoints<T extends object>(port: T): T {
  return withPoints(port, toWritingActs(port) as (keyof T & string)[]);
}

function withStorePoints({ files, catalogue, ...store }: Store): Store {
  return {
    ...store,
    files: {
      ...files,
      create: async (key): Promise<FileWriter> => withPoints(await files.create(key), ['finish']),
    },
    catalogue: {
      ...catalogue,
      forwardings: withWritePoints(catalogue.forwardings),
      reconciliation: withWritePoints(catalogue.reconciliation),
      instances: withWritePoints(catalogue.instances),
    },
  };
}

addPointDuring('upload', /^\/uploadProcess/);
addPointDuring('submitMeterData', /\/SubmitMeterData/);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const opened = await openStore(storage, { program: 'bridge', clock: systemClock });
const paces = toShortPaces(withWritePoints(opened.catalogue.retrievePaces));
const accounts = await Promise.all(
  isoConfigSchema.parse(iso).accounts.map(async (account): Promise<ServedAccount> => {
    if (account.way === 'omar') {
      const served = await openAccount(account, config, deps);
      const acts: readonly (keyof OmarClient & string)[] = ['upload', 'status', 'walk', 'errors'];
      return { ...served, iso: createOmarWay(withPoints(served.client, acts)) };
    }
    const { client, mapping, ...served } = await openMrisAccount(account, config, { ...deps, paces });
    const acts: readonly (keyof MrisClient & string)[] = [
      'submitMeterData',
      'batchStatus',
      'retrieveMeterData',
    ];
    return {
      ...served,
      iso: createMrisWay({
        client: withPoints(client, acts),
        format: mapping.meterData,
        scId: account.scId,
        environment: account.environment,
        ...toMrisMs(config),
      }),
    };
  }),
);
writeLine({ ready: true });
await runBridge(
  {
    ...deps,
    store: withStorePoints(opened),
    accounts,
    notServed: [],
    settings: toBridgeSettings(config),
    monotonicMs: () => performance.now(),
    random: Math.random,
  },
  stop.signal,
);
for (const { iso } of accounts) await iso.close();
await opened.close();
