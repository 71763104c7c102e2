import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { findProgram } from './find-program.ts';

/** What the figures belong to: without it a rate says nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  readonly openssl: string;
  /** The kind of file system that the bench writes to; on `tmpfs` an fsync costs nothing and proves nothing. */
  readonly fileSystem: string;
  /** Whether servers have core 0 and load has core 1. */
  readonly isPinned: boolean;
}

export function describeMachine(folder: string, isPinned: boolean): Machine {
  return {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGib: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    node: process.version,
    openssl: process.versions.openssl,
    fileSystem: execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim(),
    isPinned,
  };
}

/**
 * Puts this process, and with it all load that it starts, on core 1; servers are started on core 0.
 *
 * @returns false where that cannot be had: one core, or no taskset
 */
export function pinLoad(): boolean {
  const taskset = findProgram('taskset');
  if (taskset === undefined || os.cpus().length < 2) return false;
  execFileSync(taskset, ['--all-tasks', '--cpu-list', '--pid', '1', String(process.pid)], {
    stdio: 'ignore',
  });
  return true;
}
