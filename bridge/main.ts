import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import type { ClockConfig } from '../storage/clock/config.ts';
import { watchClock } from '../storage/clock/watch-clock.ts';
import type { StorageConfig } from '../storage/config.ts';
import { raise } from '../storage/model/alarms.ts';
import { openStore } from '../storage/open.ts';
import { type Clock, systemClock } from '../storage/ports/clock.ts';
import { runBridge } from './app.ts';
import { type BridgeConfig, toBridgeSettings } from './config.ts';
import type { IsoConfig } from './iso-config.ts';
import { observeBridge } from './observe.ts';
import { openAccounts, toAccountsRefusal } from './open-accounts.ts';

/**
 * The process: opens the store and the accounts, runs the bridge until SIGTERM or SIGINT, and closes everything in
 * order. Writes one JSON record a line to standard output; `{"ready":true}` is in the one that says that it works.
 *
 * An account whose files cannot be used is told of and left out; the others are served.
 *
 * @throws when the store or every account cannot be opened; nothing has been sent then
 */
export async function main(config: {
  readonly storage: StorageConfig;
  readonly bridge: BridgeConfig;
  readonly iso: IsoConfig;
  readonly clock: ClockConfig;
}): Promise<void> {
  const log = pino({ base: { program: 'bridge' } });
  const clock = systemClock;
  const stop = new AbortController();
  const stopping = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping: the running steps are finished first');
    stop.abort();
  };
  {
    // Whatever fails, all that was opened is closed, the latest first: what stayed open would keep a dead bridge alive.
    await using opened = new AsyncDisposableStack();
    process.on('SIGTERM', stopping).on('SIGINT', stopping);
    opened.defer(() => void process.off('SIGTERM', stopping).off('SIGINT', stopping));
    await serve(config, { log, clock, signal: stop.signal, opened });
  }
  log.info({}, 'stopped');
}

async function serve(
  config: Parameters<typeof main>[0],
  {
    log,
    clock,
    signal,
    opened,
  }: { log: Logger; clock: Clock; signal: AbortSignal; opened: AsyncDisposableStack },
): Promise<void> {
  const monotonicMs = () => performance.now();
  const settings = toBridgeSettings(config.bridge);
  const store = await openStore(config.storage, { program: 'bridge', clock });
  opened.defer(() => store.close());
  const paces = store.catalogue.retrievePaces;
  const { accounts, faults } = await openAccounts(config.iso, config.bridge, { clock, log, paces });
  for (const { iso } of accounts) opened.defer(() => iso.close());
  for (const { account, words } of faults) {
    raise(log, 'error', 'an account is not served', { account }, words);
  }
  if (accounts.length === 0 && faults.length > 0) throw toAccountsRefusal(faults);
  const clockWatch = await watchClock(config.clock, { clock, monotonicMs, random: randomBytes, log });
  opened.defer(() => clockWatch.stop());
  const observer =
    config.bridge.observe &&
    (await observeBridge(config.bridge.observe, {
      forwardings: store.catalogue.forwardings,
      certificates: accounts.flatMap(({ certificate }) => certificate ?? []),
      attentionMs: settings.attentionMs,
      notServed: faults,
      isMaintenance: (name, way) =>
        accounts.some(
          (each) => each.name === name && each.way === way && each.iso.isMaintenance(clock.now()),
        ),
      clock,
      clockWatch,
    }));
  opened.defer(() => observer?.stop());
  log.info(
    { ready: true, observePort: observer?.port, accounts: accounts.map(({ name }) => name) },
    'the bridge is ready',
  );
  const deps = { store, accounts, notServed: faults, settings, clock, clockWatch, monotonicMs };
  await runBridge({ ...deps, random: Math.random, log }, signal);
}
