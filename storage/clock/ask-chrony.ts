import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MdmaError } from '../model/errors.ts';

const run = promisify(execFile);

/**
 * Asks the chrony daemon of this machine how far the clock is ahead, in milliseconds.
 *
 * @param chronycFile the program that asks it
 * @throws `unavailable` when it does not answer in time, or knows no time to go by
 */
export async function askChrony(chronycFile: string, timeoutMs: number): Promise<number> {
  const { stdout } = await run(chronycFile, ['-c', 'tracking'], {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  }).catch((cause: Error) => {
    throw refuse(cause.message.split('\n')[0] ?? 'it failed');
  });
  return parseTracking(stdout);
}

/**
 * The line of `chronyc -c tracking`: its fifth field is how far the clock is behind, in seconds, its last the leap
 * status.
 *
 * @throws `unavailable` when it says anything else
 */
export function parseTracking(line: string): number {
  const fields = line.trim().split(',');
  const behind = fields[4] ?? '';
  const leap = fields.at(-1);
  if (fields.length < 14 || !/^-?\d+(\.\d+)?$/.test(behind))
    throw refuse(`it says ${JSON.stringify(line.slice(0, 200))}`);
  if (leap === 'Not synchronised') throw refuse('it knows no time to go by');
  return -Number(behind) * 1000;
}

function refuse(found: string): MdmaError {
  return new MdmaError('unavailable', `Cannot measure the clock by chrony: ${found}`);
}
