import { nodeCron, type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import { raise } from '../../storage/model/alarms.ts';
import type { Store } from '../../storage/open.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { PostingActivity } from '../posting/activity.ts';
import { codeFiles } from './codings.ts';
import { runRetention } from './retention.ts';
import { sweepInstances, sweepOrphans } from './sweep.ts';

export interface JobDeps {
  readonly store: Pick<Store, 'catalogue' | 'files' | 'ballast'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countJob'>;
  readonly activity: PostingActivity;
}

/** What a job says of a run; undefined when there was nothing to do. */
type Job = () => Promise<object | undefined>;

/** Has the jobs run at their times, each never beside itself. A job that fails is logged and runs again next time. */
export function scheduleJobs(config: ServerConfig, deps: JobDeps): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const tasks = toJobs(config, deps, stopping.signal).map(({ name, schedule, run }) => {
    const task = () => {
      const done: Promise<void> = runJob(deps, name, run).finally(() => running.delete(done));
      running.add(done);
      return done;
    };
    return nodeCron.schedule(schedule, task, {
      name,
      noOverlap: true,
      timezone: config.jobs.zone,
      logger: toCronLogger(deps.logger),
    });
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(tasks.map((task: ScheduledTask) => task.destroy()));
      await Promise.all(running);
    },
  };
}

async function runJob({ logger, metrics }: JobDeps, job: string, run: Job): Promise<void> {
  try {
    const result = await run();
    metrics.countJob(job, 'done');
    if (result !== undefined) logger.info({ job, ...result }, 'job');
  } catch (err) {
    metrics.countJob(job, 'failed');
    raise(logger, 'error', 'a job failed', { job, err });
  }
}

function toJobs(
  { jobs, limits }: ServerConfig,
  deps: JobDeps,
  signal: AbortSignal,
): { name: string; schedule: string; run: Job }[] {
  const { store, clock, activity } = deps;
  const { catalogue, files, ballast } = store;
  const { retention, instances } = catalogue;
  const codings = {
    retention,
    files,
    instances,
    clock,
    isQuiet: () => activity.isQuiet(),
    whenQuiet: () => activity.whenQuiet(),
    reserveBytes: limits.reserveBytes,
    signal,
  };
  return [
    { name: 'heartbeat', schedule: '*/5 * * * * *', run: async () => void (await instances.heartbeat()) },
    {
      name: 'sweep',
      schedule: '30 * * * * *',
      async run() {
        await ballast.fill();
        const swept = await sweepInstances({ catalogue, clock });
        return swept.interrupted + swept.dropped > 0 ? swept : undefined;
      },
    },
    {
      name: 'retention',
      schedule: jobs.retentionSchedule,
      async run() {
        const { left, archived, deleted, failed, isBusy } = await runRetention(
          { retention, files, instances, clock },
          { isDryRun: false },
        );
        for (const { what, error } of failed)
          raise(deps.logger, 'error', 'a file could not be aged', { job: 'retention', what, err: error });
        return {
          left: left.length,
          archived: archived.length,
          deleted: deleted.length,
          failed: failed.length,
          isBusy,
        };
      },
    },
    {
      name: 'orphans',
      schedule: jobs.orphanSchedule,
      run: async () => ({
        removed: await sweepOrphans({ catalogue, files, clock, graceMs: jobs.orphanGraceMs }),
      }),
    },
    ...(jobs.compress
      ? [{ name: 'codings', schedule: '* * * * * *', run: async () => void (await codeFiles(codings)) }]
      : []),
  ];
}

/** What the library has to say; by itself it would write to the console. */
function toCronLogger(logger: Logger) {
  const write = (message: string | Error) => logger.debug({ cron: String(message) }, 'cron');
  return { info: write, warn: write, error: write, debug: write };
}
