import { MdmaError } from '../storage/model/errors.ts';
import type { Context } from './context.ts';

/** Exit statuses of the command line. */
export const exitCodes = { failed: 1, usage: 2 } as const;

/** Says that the command or its configuration is wrong, not the state of things. */
const usageCode = 'invalid-request';

/**
 * Says on standard error what went wrong, one line and one for each single fault, and sets the exit status.
 *
 * @param isVerbose whether the stack and the chain of causes are shown too
 */
export function reportFailure(context: Context, error: unknown, isVerbose: boolean): void {
  const { faults, code } = error instanceof MdmaError ? error : { faults: [], code: undefined };
  const lines = [`mdma: ${error instanceof Error ? toMessage(error) : String(error)}`];
  for (const { at, value, expected } of faults) {
    if (lines[0]?.includes(expected)) continue;
    lines.push(`  ${at}: found ${value === '' ? '(nothing)' : value}, expected ${expected}`);
  }
  if (isVerbose) lines.push(...toTrail(error));
  else if (code === undefined) lines.push('  (run again with --verbose to see where)');
  context.stderr.write(`${lines.join('\n')}\n`);
  context.setExitCode(code === usageCode ? exitCodes.usage : exitCodes.failed);
}

/** Ours say all that matters; the system's name the call and the place (`ENOENT: no such file or directory, open '…'`). */
function toMessage(error: Error): string {
  if (error instanceof MdmaError) return error.message;
  return error.message.split('\n')[0] ?? error.name;
}

function toTrail(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const trail = [error.stack ?? error.message];
  return error.cause === undefined ? trail : [...trail, 'caused by:', ...toTrail(error.cause)];
}
