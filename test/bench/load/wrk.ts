import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram } from '../find-program.ts';
import type { RunningServer } from '../running-server.ts';
import type { BenchCertificate, Workspace } from '../workspace.ts';

/** What one run came to. */
interface WrkRun {
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
}

interface WrkLoad {
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  readonly certificate: BenchCertificate;
  readonly headers?: Readonly<Record<string, string>>;
  /** Body bytes that each answer carries at least; fewer means that something else was answered. */
  readonly minAnswerBytes: number;
  /** A script of ours in this folder, run before the report, and what it reads from the environment. */
  readonly script?: { readonly file: string; readonly env: Readonly<Record<string, string>> };
}

/** The load generator, or why there is none. */
export type Wrk = (target: RunningServer, load: WrkLoad) => Promise<WrkRun>;

const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Finds wrk and compiles the shim that gives it a client certificate.
 *
 * @returns the generator, or the reason why rows that need it are skipped
 */
export function prepareWrk(workspace: Workspace): Wrk | { readonly missing: string } {
  const wrk = findProgram('wrk');
  const cc = findProgram('cc');
  if (wrk === undefined) return { missing: 'wrk is not installed (Debian: apt install wrk)' };
  if (cc === undefined)
    return { missing: 'no C compiler for the certificate shim (Debian: apt install gcc)' };
  const shim = path.join(workspace.folder, 'client-certificate-shim.so');
  execFileSync(cc, ['-shared', '-fPIC', '-O2', '-o', shim, here('client-certificate-shim.c'), '-ldl']);
  return (target, load) => runWrk(wrk, shim, target, load);
}

async function runWrk(wrk: string, shim: string, target: RunningServer, load: WrkLoad): Promise<WrkRun> {
  const { path: urlPath, connections, seconds, certificate, headers = {}, script } = load;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', here('report.lua')];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  const { stdout, stderr } = await run(wrk, [...args, `${target.origin}${urlPath}`], {
    env: {
      ...process.env,
      ...script?.env,
      BENCH_SCRIPT: script === undefined ? '' : here(script.file),
      LD_PRELOAD: shim,
      BENCH_CERTIFICATE: certificate.certificatePath,
      BENCH_KEY: certificate.keyPath,
    },
  });
  const line = /^BENCH (.*)$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk did not report:\n${stdout}${stderr}`);
  return toRun(target, load, JSON.parse(line));
}

/** A run with a single failed request measures something else than it says: it is refused. */
function toRun(target: RunningServer, load: WrkLoad, raw: Record<string, number>): WrkRun {
  const { durationUs = 0, requests = 0, bytes = 0, p50Us = 0, p99Us = 0, ...faults } = raw;
  const isShort = bytes < requests * load.minAnswerBytes;
  if (bytes === 0 || isShort || Object.values(faults).some((count) => count > 0)) {
    throw new Error(
      `a run against ${target.server.name}${load.path} is not valid: ${JSON.stringify(raw)}, ` +
        `expected answers of at least ${load.minAnswerBytes} bytes and no faults`,
    );
  }
  return {
    requestsPerSecond: requests / (durationUs / 1e6),
    bytesPerSecond: bytes / (durationUs / 1e6),
    p50Ms: p50Us / 1000,
    p99Ms: p99Us / 1000,
    requests,
  };
}
