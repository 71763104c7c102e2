import type { Logger } from 'pino';
import type { Store } from '../storage/open.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { PartFormats } from '../storage/reconciliation/row.ts';
import { createServerApp } from './app.ts';
import type { ServerConfig } from './config.ts';
import { numberRequests } from './http/record.ts';
import { scheduleJobs } from './jobs/schedule.ts';
import { sweepInstances } from './jobs/sweep.ts';
import { listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { observe } from './observe.ts';
import { PostingActivity } from './posting/activity.ts';
import type { IsoAccount } from './posting/parameters.ts';

export interface StartDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isoAccounts: readonly IsoAccount[];
  /** What parts are written in, for the reconciliation report. */
  readonly partFormats: PartFormats;
  /** Without it nobody asks how far the clock is off. */
  readonly clockWatch?: ClockWatch | undefined;
}

/** The server, answering. */
export interface RunningServer {
  readonly port: number;
  readonly observePort: number;
  /** Takes changed certificates into use. */
  reload(): Promise<void>;
  /**
   * Stops in order: no new connections, transfers under way end or are cut after `stopTimeoutMs`, their ends are put
   * on record, jobs end. The store stays open; it is its opener's to close.
   */
  stop(): Promise<void>;
}

/** Starts the server on an open store: what dead instances left open is closed first, then it listens. */
export async function startServer(config: ServerConfig, deps: StartDeps): Promise<RunningServer> {
  const { store, clock, logger, isoAccounts, partFormats, clockWatch } = deps;
  const { catalogue, files, newId } = store;
  const { limits, support } = config;
  await store.ballast.fill();
  await sweepInstances({ catalogue, clock });
  const metrics = createMetrics(clockWatch);
  const activity = new PostingActivity(clock);
  const nextRequestId = numberRequests(newId);
  const app = createServerApp({
    catalogue,
    files,
    clock,
    clockWatch,
    newId,
    limits: { maxBytes: limits.maxFileBytes, reserveBytes: limits.reserveBytes },
    logger,
    metrics,
    activity,
    isoAccounts,
    partFormats,
    support,
    nextRequestId,
    pace: { windowMs: limits.bodyWindowMs, minBytes: limits.minBodyBytes },
  });
  let isStopping = false;
  const listener = await listen(config, { handle: app.koa.callback(), nextRequestId, logger, metrics });
  const observer = await observe(config.observe, {
    participants: catalogue.participants,
    files,
    reserveBytes: limits.reserveBytes,
    metrics,
    clockWatch,
    isStopping: () => isStopping,
  }).catch(async (error: unknown) => {
    // Else it would answer on, without its store.
    await listener.stop();
    throw error;
  });
  const jobs = scheduleJobs(config, { store, clock, logger, metrics, activity });
  return {
    port: listener.port,
    observePort: observer.port,
    reload: listener.reload,
    async stop() {
      isStopping = true;
      await listener.stop();
      await app.finish();
      // Last: until here the heartbeat says that these transfers are a living instance's, and a job may wait for posts.
      await jobs.stop();
      await observer.stop();
    },
  };
}
