import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { systemClock } from '../storage/ports/clock.ts';
import { runProgram } from './program.ts';
import { exitCodes } from './report-failure.ts';

/** Whoever reads what is printed may go, and a disk may be full; both end the process, the first without a word. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`mdma: Cannot write standard output: ${error.message}\n`);
  process.exit(exitCodes.failed);
});

/** The process behind the command line `mdma`: arguments in, exit status out. Started by `launch.cjs`. */
await runProgram(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  cwd: process.cwd(),
  startedBy: `operator ${findUserName()}`,
  random: randomBytes,
  setExitCode(code) {
    process.exitCode = code;
  },
});

/** A container may run as a user that has a number but no name. */
function findUserName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
    return `with user id ${process.getuid?.()}`;
  }
}
