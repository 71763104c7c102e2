import cliProgress from 'cli-progress';
import type { Context } from './context.ts';

/** How far long work is. */
export interface Progress {
  /** `total` may grow while the work goes on. */
  update(done: number, total: number): void;
  stop(): void;
}

/** A progress bar on standard error when a person is looking; nothing otherwise. */
export function createProgress(context: Context, what: string): Progress {
  if (context.stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar(
    {
      format: `${what} {bar} {percentage}% {value}/{total} {eta_formatted}`,
      stream: context.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0);
  return {
    update(done, total) {
      bar.setTotal(Math.max(total, 1));
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
