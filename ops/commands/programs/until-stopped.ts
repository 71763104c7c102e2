import { Option } from 'commander';

/** `--until-stdin-ends`, for programs that start this one: it does not outlive them, whatever becomes of them. */
export function untilStdinEndsOption(): Option {
  return new Option(
    '--until-stdin-ends',
    'stop also when standard input ends: for programs that start this one',
  );
}

/** Makes the end of standard input, a pipe, a SIGTERM to ourselves; waiting for it keeps nothing running. */
export function stopWithStdin(options: { untilStdinEnds?: boolean }): void {
  if (options.untilStdinEnds !== true) return;
  process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM')).resume();
  process.stdin.unref();
}

/** Resolves at SIGINT or SIGTERM; further ones change nothing, because npm and a terminal send them twice. */
export function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.on('SIGINT', () => resolve()).on('SIGTERM', () => resolve());
  return promise;
}
