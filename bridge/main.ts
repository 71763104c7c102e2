import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { ClockConfig } from '../storage/clock/config.ts';
import { type RunningClockWatch, watchClock } from '../storage/clock/watch-clock.ts';
import type { StorageConfig } from '../storage/config.ts';
import { raise } from '../storage/model/alarms.ts';
import { openStore } from '../storage/open.ts';
import { systemClock } from '../storage/ports/clock.ts';
import { runBridge } from './app.ts';
import { type BridgeConfig, toBridgeSettings } from './config.ts';
import type { IsoConfig } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
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
  process.on('SIGTERM', stopping).on('SIGINT', stopping);
  const monotonicMs = () => performance.now();
  const store = await openStore(config.storage, { program: 'bridge', clock });
  let accounts: readonly ServedAccount[] = [];
  let clockWatch: RunningClockWatch | undefined;
  try {
    const paces = store.catalogue.retrievePaces;
    const opened = await openAccounts(config.iso, config.bridge, { clock, log, paces });
    const { faults } = opened;
    accounts = opened.accounts;
    for (const { account, words } of faults) {
      raise(log, 'error', 'an account is not served', { account }, words);
    }
    if (accounts.length === 0 && faults.length > 0) throw toAccountsRefusal(faults);
    clockWatch = await watchClock(config.clock, { clock, monotonicMs, random: randomBytes, log });
    const observer =
      config.bridge.observe &&
      (await observeBridge(config.bridge.observe, {
        forwardings: store.catalogue.forwardings,
        certificates: accounts.flatMap(({ certificate }) => certificate ?? []),
        attentionMs: toBridgeSettings(config.bridge).attentionMs,
        notServed: faults,
        clock,
        clockWatch,
      }));
    log.info(
      { ready: true, observePort: observer?.port, accounts: accounts.map(({ name }) => name) },
      'the bridge is ready',
    );
    await runBridge(
      {
        store,
        accounts,
        settings: toBridgeSettings(config.bridge),
        clock,
        clockWatch,
        monotonicMs,
        random: Math.random,
        log,
      },
      stop.signal,
    );
    await observer?.stop();
  } finally {
    await Promise.all(accounts.map(({ iso }) => iso.close()));
    clockWatch?.stop();
    await store.close();
  }
  process.off('SIGTERM', stopping).off('SIGINT', stopping);
  log.info({}, 'stopped');
}
