import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { ClockConfig } from '../storage/clock/config.ts';
import { watchClock } from '../storage/clock/watch-clock.ts';
import type { StorageConfig } from '../storage/config.ts';
import { raise } from '../storage/model/alarms.ts';
import { openStore } from '../storage/open.ts';
import { systemClock } from '../storage/ports/clock.ts';
import type { PartFormats } from '../storage/reconciliation/row.ts';
import type { ServerConfig } from './config.ts';
import type { IsoAccount } from './posting/parameters.ts';
import { startServer } from './start.ts';

export interface ServerSettings {
  readonly storage: StorageConfig;
  readonly server: ServerConfig;
  readonly clock: ClockConfig;
  /** Accounts at the ISO that files may be passed through to. */
  readonly isoAccounts: readonly IsoAccount[];
  /** What parts are written in, for the reconciliation report. */
  readonly partFormats: PartFormats;
}

/**
 * Runs the mailbox server until SIGTERM or SIGINT; SIGHUP takes changed certificates into use. Its log goes to
 * standard output, one JSON object a line; the one with `ready: true` says that it answers.
 *
 * @throws `unavailable` when the store is missing or of another version; it is never made here
 */
export async function main({
  storage,
  server,
  clock: clockConfig,
  ...settings
}: ServerSettings): Promise<void> {
  const clock = systemClock;
  const output = pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 200 });
  const logger = pino(
    { level: server.logLevel, base: { program: 'server' }, timestamp: pino.stdTimeFunctions.isoTime },
    output,
  );
  const store = await openStore(storage, { program: 'server', clock });
  const clockWatch = await watchClock(clockConfig, {
    clock,
    monotonicMs: () => performance.now(),
    random: randomBytes,
    log: logger,
  });
  const stopped = Promise.withResolvers<NodeJS.Signals>();
  process.on('SIGTERM', stopped.resolve).on('SIGINT', stopped.resolve);
  try {
    const running = await startServer(server, { ...settings, store, clock, logger, clockWatch });
    process.on('SIGHUP', () => {
      running.reload().then(
        () => logger.info('certificates were read again'),
        (err: unknown) =>
          raise(logger, 'error', 'certificates could not be read again; those in use stay', { err }),
      );
    });
    const { port, observePort } = running;
    logger.info(
      { ready: true, port, observePort, instance: store.catalogue.instances.instance },
      'the server is ready',
    );
    logger.info({ signal: await stopped.promise }, 'the server stops');
    await running.stop();
  } finally {
    clockWatch.stop();
    await store.close();
    logger.info('the server has stopped');
    output.flushSync();
  }
}
