import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { atEnd } from './cleanup.ts';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A program of ours in a process of its own. */
export interface StartedProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Settled when the process is gone and all its output has been read; never rejected. */
  readonly exited: Promise<Exit>;
  /** The lines written so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /**
   * The first line of standard output, written already or still to come, that `isIt` accepts.
   * @throws with all output when the process ends before, or after `timeoutMs`
   */
  waitForLine(isIt: (line: string) => boolean, timeoutMs?: number): Promise<string>;
  /** As `waitForLine`, of the lines that are JSON objects, parsed. */
  waitForRecord(
    isIt: (record: Record<string, unknown>) => boolean,
    timeoutMs?: number,
  ): Promise<Record<string, unknown>>;
  /** Sends a signal and waits for the end. A process that a signal does not end is the caller's to kill. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
}

const defaultTimeoutMs = 20_000;

/** Halves the time that a program takes to start; tests start hundreds. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/mdma-test-compiled/', import.meta.url));

/**
 * Starts a program with the Node that runs the tests. Whatever still runs after the last test of the file is killed.
 *
 * @param args the program's file and its arguments
 */
export function startProcess(args: readonly string[], options: StartOptions = {}): StartedProcess {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const changes = new EventEmitter().setMaxListeners(0);
  const stdout = collectLines(child.stdout, changes);
  const stderr = collectLines(child.stderr, changes);
  const exited = once(child, 'close').then(([code, signal]): Exit => ({ code, signal }));
  let exit: Exit | undefined;
  exited.then((seen) => {
    exit = seen;
    changes.emit('change');
  });
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  atEnd(() => kill('SIGKILL'));

  async function waitFor<T>(find: (line: string) => T | undefined, timeoutMs = defaultTimeoutMs): Promise<T> {
    const timeout = AbortSignal.timeout(timeoutMs);
    for (let next = 0; ; ) {
      for (; next < stdout.length; next++) {
        const found = find(stdout[next] ?? '');
        if (found !== undefined) return found;
      }
      if (exit !== undefined) throw new Error(describe(`ended with ${exit.code ?? exit.signal}`));
      await once(changes, 'change', { signal: timeout }).catch((cause) => {
        throw new Error(describe(`did not write what was waited for in ${timeoutMs} ms`), { cause });
      });
    }
  }
  const describe = (what: string) =>
    [`${args.join(' ')} ${what}; its output:`, ...stdout, '-- stderr:', ...stderr].join('\n');

  return {
    pid: child.pid ?? 0,
    child,
    exited,
    stdout,
    stderr,
    kill,
    waitForLine: (isIt, timeoutMs) => waitFor((line) => (isIt(line) ? line : undefined), timeoutMs),
    waitForRecord: (isIt, timeoutMs) =>
      waitFor((line) => {
        const record = findRecord(line);
        return record !== undefined && isIt(record) ? record : undefined;
      }, timeoutMs),
  };
}

function collectLines(stream: Readable, changes: EventEmitter): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    changes.emit('change');
  });
  return lines;
}

/** A line that is no JSON object is an ordinary line of text, not a fault. */
function findRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
