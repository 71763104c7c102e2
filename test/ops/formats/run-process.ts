import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../../ops/launch.cjs', import.meta.url));

/** A command of `sh`, in which `mdma` is the command line as it is installed. */
function toScript(command: string): string {
  return `mdma() { "${process.execPath}" "${launcher}" "$@"; }; ${command}`;
}

/** Runs a line of shell in the folder, with `mdma` in it, and waits for its end. */
export function runShell(
  command: string,
  cwd: string,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('sh', ['-c', toScript(command)], { cwd, encoding: 'utf8', maxBuffer: 100_000_000 });
}

/** Starts `mdma` in a process of its own, whose id is that of the program itself. */
export function startMdma(args: readonly string[], cwd: string) {
  return spawn(process.execPath, [path.join(path.dirname(launcher), 'mdma.ts'), ...args], { cwd });
}
