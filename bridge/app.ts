import { setTimeout as delay } from 'node:timers/promises';
import { raise } from '../storage/model/alarms.ts';
import type { Way } from '../storage/model/forwarding.ts';
import type { Catalogue } from '../storage/ports/catalogue.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { FileStore } from '../storage/ports/file-store.ts';
import type { Log, StepSettings } from './forwarding/step-context.ts';
import { type ServedAccount, serveAccount } from './loop.ts';
import { createCertificateWatch } from './watch-certificates.ts';

export interface BridgeSettings extends StepSettings {
  readonly pollMs: number;
  readonly heartbeatMs: number;
}

/** Everything the bridge works with; it makes nothing of it itself, and closes none of it. */
export interface BridgeDeps {
  readonly store: { readonly catalogue: Catalogue; readonly files: FileStore; newId(): string };
  readonly accounts: readonly ServedAccount[];
  /** Accounts of the configuration that could not be opened, of which is told elsewhere. */
  readonly notServed: readonly { readonly account: string; readonly way: Way }[];
  readonly settings: BridgeSettings;
  readonly clock: Clock;
  /** Without it nobody asks how far the clock is off. */
  readonly clockWatch?: Pick<ClockWatch, 'state'> | undefined;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Runs the bridge until the signal: every account is served on its own, so that one that is down delays no other.
 * Resolves when the steps that were running have ended. A step that fails is tried again; nothing ends the bridge but
 * the signal.
 */
export async function runBridge(deps: BridgeDeps, stop: AbortSignal): Promise<void> {
  const { store, accounts, settings, log } = deps;
  const { catalogue, files } = store;
  const { forwardings, postings, resources, reconciliation, instances, accountPauses } = catalogue;
  const loopDeps = {
    ...{ forwardings, postings, resources, reconciliation, instances, accountPauses, files, settings, wait },
    clockWatch: deps.clockWatch,
    ...{ clock: deps.clock, monotonicMs: deps.monotonicMs, random: deps.random, log },
    newId: () => store.newId(),
    pollMs: settings.pollMs,
  };
  await Promise.all([live(deps, stop), ...accounts.map((account) => serveAccount(loopDeps, account, stop))]);
}

/** Says that this bridge lives, and tells of accounts to which something is due but which nobody here knows. */
async function live(deps: BridgeDeps, stop: AbortSignal): Promise<void> {
  const { store, accounts, notServed, settings, log } = deps;
  const { instances, forwardings } = store.catalogue;
  const known = new Set([
    ...accounts.map(({ name, way }) => `${way}:${name}`),
    ...notServed.map(({ account, way }) => `${way}:${account}`),
  ]);
  const watchCertificates = createCertificateWatch(
    accounts.flatMap(({ certificate }) => certificate ?? []),
    deps,
  );
  while (!stop.aborted) {
    try {
      watchCertificates();
      await instances.heartbeat();
      for (const { account, way } of await forwardings.listDueAccounts()) {
        const name = `${way}:${account}`;
        if (known.has(name)) continue;
        known.add(name);
        const sign = 'forwardings are due to an account that this bridge is not configured for';
        raise(log, 'warn', sign, { account, way });
      }
    } catch (error) {
      raise(log, 'error', 'the heartbeat failed; it is tried again', { err: error });
    }
    await wait(settings.heartbeatMs, stop);
  }
}

/** Resolves after `ms`, or at once when the signal is aborted. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
