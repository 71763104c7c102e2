import type { Clock } from '../storage/ports/clock.ts';

/** Standard output or error, or what a test puts in its place; `isTTY` when a person may be looking. */
type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What a command takes from the world around it. */
export interface Context {
  /** Opened when it is asked for, because an opened standard input keeps a process from ending. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly clock: Clock;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Who started the command, for the record of what they did. */
  readonly startedBy: string;
  /** Bytes that nobody can guess. */
  random(bytes: number): Buffer;
  /** Called with the status that the process is to end with, when it is not 0. */
  setExitCode(code: number): void;
}
