import { pino } from 'pino';
import type { StorageConfig } from '../storage/config.ts';
import { openStore } from '../storage/open.ts';
import { systemClock } from '../storage/ports/clock.ts';
import { runBridge } from './app.ts';
import { type BridgeConfig, toBridgeSettings } from './config.ts';
import type { IsoConfig } from './iso-config.ts';
import { openAccount } from './open-account.ts';

/**
 * The process: opens the store and the accounts, runs the bridge until SIGTERM or SIGINT, and closes everything in
 * order. Writes one JSON record a line to standard output; `{"ready":true}` is in the one that says that it works.
 *
 * @throws when the store or an account cannot be opened; nothing has been sent then
 */
export async function main(config: {
  readonly storage: StorageConfig;
  readonly bridge: BridgeConfig;
  readonly iso: IsoConfig;
}): Promise<void> {
  const log = pino({ base: { program: 'bridge' } });
  const clock = systemClock;
  const stop = new AbortController();
  const stopping = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping: the running steps are finished first');
    stop.abort();
  };
  process.on('SIGTERM', stopping).on('SIGINT', stopping);
  const accounts = await Promise.all(
    config.iso.accounts
      .filter((account) => account.way === 'omar')
      .map((account) => openAccount(account, config.bridge, { clock, log })),
  );
  for (const { name, way } of config.iso.accounts) {
    if (way === 'mris')
      log.warn({ account: name }, 'the bridge does not forward to MRI-S yet: nothing is sent');
  }
  const store = await openStore(config.storage, { program: 'bridge', clock });
  try {
    log.info({ ready: true, accounts: accounts.map(({ name }) => name) }, 'the bridge is ready');
    await runBridge(
      {
        store,
        accounts,
        settings: toBridgeSettings(config.bridge),
        clock,
        monotonicMs: () => performance.now(),
        random: Math.random,
        log,
      },
      stop.signal,
    );
  } finally {
    await Promise.all(accounts.map(({ client }) => client.close()));
    await store.close();
  }
  process.off('SIGTERM', stopping).off('SIGINT', stopping);
  log.info({}, 'stopped');
}
