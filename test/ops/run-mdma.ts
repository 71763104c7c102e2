import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { runProgram } from '../../ops/program.ts';
import type { Clock } from '../../storage/ports/clock.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  json(): unknown;
}

/** Runs the command line in this process, in the folder `cwd`. */
export async function runMdma(
  args: readonly string[],
  options: {
    cwd: string;
    clock: Clock;
    stdin?: AsyncIterable<Uint8Array>;
    /** Whether a person is looking at standard error. */
    isTerminal?: boolean;
    /** Called before anything is written to standard output. */
    onStdout?: () => void;
  },
): Promise<Ran> {
  const [stdout, stderr] = [new Text(), new Text()];
  stderr.isTTY = options.isTerminal === true;
  stdout.onWrite = options.onStdout;
  let code = 0;
  await runProgram(args, {
    stdin: Readable.from([]),
    ...options,
    stdout,
    stderr,
    startedBy: 'operator tester',
    random: randomBytes,
    setExitCode(wanted) {
      code = wanted;
    },
  });
  return { code, stdout: stdout.text, stderr: stderr.text, json: () => JSON.parse(stdout.text) };
}

class Text extends Writable {
  text = '';
  isTTY = false;
  onWrite: (() => void) | undefined;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.onWrite?.();
    this.text += chunk.toString('utf8');
    done();
  }
}
