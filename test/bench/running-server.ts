import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchServer } from './bench-server.ts';
import { findProgram } from './find-program.ts';
import type { BenchCertificate, Workspace } from './workspace.ts';

/** A server that answers. */
export interface RunningServer {
  readonly server: BenchServer;
  readonly port: number;
  readonly pid: number;
  /** `https://localhost:PORT` */
  readonly origin: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

const startMs = 60_000;
const stopMs = 20_000;
const running = new Set<ChildProcess>();

/** Kills whatever still runs; for an interrupted bench. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Starts a server on core 0 (if `isPinned`) and waits until it serves the small file, byte for byte.
 *
 * @throws with the end of its output when it does not
 */
export async function startServer(
  server: BenchServer,
  workspace: Workspace,
  isPinned: boolean,
): Promise<RunningServer> {
  const port = await findFreePort();
  const { program, args } = server.toCommand(port);
  const pin = isPinned ? [findProgram('taskset') ?? 'taskset', '--cpu-list', '0'] : [];
  const [file = program, ...rest] = [...pin, program, ...args];
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-4000);
    });
  }
  const closed = once(child, 'close').then(() => running.delete(child));
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await closed;
    clearTimeout(timer);
  };
  const started = { server, port, pid: child.pid ?? 0, origin: `https://localhost:${port}`, stop };
  try {
    await waitUntilServing(started, workspace, child);
  } catch (cause) {
    await stop();
    throw new Error(`${server.name} did not start; the end of its output:\n${output}`, { cause });
  }
  return started;
}

async function waitUntilServing(started: RunningServer, workspace: Workspace, child: ChildProcess) {
  const until = performance.now() + startMs;
  for (;;) {
    try {
      const { status, body } = await fetchWith(
        workspace,
        workspace.certificates.reader,
        `${started.origin}${started.server.smallPath}`,
      );
      if (status === 200 && body.equals(workspace.small)) return;
      throw new Error(`answered ${status} with ${body.length} bytes instead of the file`);
    } catch (cause) {
      const isOver = performance.now() > until || child.exitCode !== null || child.signalCode !== null;
      const isRefused = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
      if (isOver || !isRefused) throw new Error(`${started.server.smallPath} is not served`, { cause });
      await delay(50);
    }
  }
}

/** One GET on a connection of its own. */
export async function fetchWith(
  workspace: Workspace,
  certificate: BenchCertificate,
  url: string,
): Promise<{ status: number; body: Buffer }> {
  const outgoing = https.get(url, { agent: false, ...toClientOptions(workspace, certificate) });
  const [incoming] = await once(outgoing, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return { status: incoming.statusCode, body: Buffer.concat(chunks) };
}

/** The TLS options of a client of the bench. */
export function toClientOptions(workspace: Workspace, certificate: BenchCertificate) {
  return {
    ca: workspace.authority.certificatePem,
    cert: certificate.certificatePem,
    key: certificate.keyPem,
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
