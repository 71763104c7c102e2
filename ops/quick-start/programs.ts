import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MdmaError } from '../../storage/model/errors.ts';

/** One of the programs that the quick start runs. */
export interface RunningProgram {
  readonly name: string;
  readonly logFile: string;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  isEnded(): boolean;
  /** Sends SIGTERM and waits; one that does not end in time is killed. */
  stop(): Promise<void>;
}

const launcher = fileURLToPath(new URL('../launch.cjs', import.meta.url));
const readyTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;
const lookMs = 50;

/**
 * Starts a command of this command line as a process of its own and waits until it says that it is ready.
 *
 * In a process group of its own, so that Ctrl-C reaches it through `stop` only, in the right order; and with a
 * standard input that ends with us, so that it does not outlive us whatever happens.
 *
 * @throws `unavailable` with its last words when it ends or is silent for too long
 */
export async function startProgram(
  name: string,
  args: readonly string[],
  logsFolder: string,
): Promise<RunningProgram> {
  const logFile = path.join(logsFolder, `${name}.log`);
  const log = await open(logFile, 'a', 0o600);
  const { size } = await log.stat();
  const child = spawn(process.execPath, [launcher, ...args, '--until-stdin-ends'], {
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  await log.close();
  let isEnded = false;
  const ended = once(child, 'exit').then(() => {
    isEnded = true;
  });
  const program = { name, logFile, ended, isEnded: () => isEnded, stop: () => stop(child, ended) };
  await waitUntilReady(program, size);
  return program;
}

async function waitUntilReady(program: RunningProgram, logStart: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < readyTimeoutMs && !program.isEnded(); waitedMs += lookMs) {
    await Promise.race([delay(lookMs), program.ended]);
    if ((await readLog(program, logStart)).includes('"ready":true')) return;
  }
  await program.stop();
  const words = (await readLog(program, logStart)).trimEnd().split('\n').slice(-3).join('\n  ');
  throw new MdmaError(
    'unavailable',
    `Cannot start the ${program.name}; ${program.logFile} says:\n  ${words}`,
  );
}

async function readLog({ logFile }: RunningProgram, start: number): Promise<string> {
  return (await readFile(logFile)).subarray(start).toString('utf8');
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timeout = new AbortController();
  const late = delay(stopTimeoutMs, 'late', { signal: timeout.signal, ref: false }).catch(() => 'ended');
  if ((await Promise.race([ended, late])) === 'late') {
    child.kill('SIGKILL');
    await ended;
  }
  timeout.abort();
}
