import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { alternateAnew, type Bench, type BenchRow, type Figure } from '../bench-row.ts';
import { readMemory } from '../memory.ts';
import { fetchWith, type RunningServer } from '../running-server.ts';
import { mebibyte } from '../workspace.ts';

const client = fileURLToPath(new URL('../load/slow-readers-client.ts', import.meta.url));
const probe = fileURLToPath(new URL('../load/listing-probe.ts', import.meta.url));
const holdMs = 8_000;
const sampleMs = 250;

export const slowReaderRows: readonly BenchRow[] = [
  {
    name: 'slow-readers',
    title: '200 slow readers of a 64 MiB file, one a mailbox; meanwhile another participant lists',
    targets: [
      { metric: 'memory a reader', atMost: 1 },
      { metric: 'listing p99', atMost: 50 },
    ],
    run: (bench) =>
      alternateAnew(bench, ['nginx', 'ours', 'node', 'koa'], (running) => measure(bench, running)),
  },
];

async function measure(bench: Bench, running: RunningServer): Promise<readonly Figure[]> {
  const { workspace } = bench;
  const { server, origin, pid } = running;
  const readers = bench.isQuick ? 20 : 200;
  const listing = `${origin}${server.listingPaths[100]}`;
  for (let warm = 0; warm < 50; warm++) await fetchWith(workspace, workspace.certificates.other, listing);
  const idle = readMemory(pid);
  const urls = Array.from({ length: readers }, (_, index) => `${origin}${server.toSlowPath(index)}`);
  const slow = startClient(client, { ...toCredentials(bench, 'reader'), urls });
  try {
    await slow.firstLine;
    const probing = startClient(probe, { ...toCredentials(bench, 'other'), url: listing, forMs: holdMs });
    const peak = await watchMemory(pid, holdMs);
    const { p99Ms } = JSON.parse(await probing.firstLine);
    slow.child.kill('SIGTERM');
    await slow.closed;
    return [
      { metric: 'idle', unit: 'MiB RSS', value: idle.rssBytes / mebibyte },
      { metric: 'memory a reader', unit: 'MiB RSS', value: (peak.rss - idle.rssBytes) / readers / mebibyte },
      { metric: 'PSS a reader', unit: 'MiB PSS', value: (peak.pss - idle.pssBytes) / readers / mebibyte },
      { metric: 'listing p99', unit: 'ms', value: p99Ms },
    ];
  } finally {
    slow.child.kill('SIGKILL');
  }
}

function toCredentials({ workspace }: Bench, name: 'reader' | 'other') {
  const { certificatePath, keyPath } = workspace.certificates[name];
  return { authorityPath: workspace.authority.certificatePath, certificatePath, keyPath };
}

async function watchMemory(pid: number, forMs: number): Promise<{ rss: number; pss: number }> {
  const until = performance.now() + forMs;
  let [rss, pss] = [0, 0];
  while (performance.now() < until) {
    await delay(sampleMs);
    const now = readMemory(pid);
    [rss, pss] = [Math.max(rss, now.rssBytes), Math.max(pss, now.pssBytes)];
  }
  return { rss, pss };
}

/** A load program of ours: it gets one JSON document on standard input and answers with lines. */
function startClient(file: string, settings: object) {
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(settings));
  const closed = once(child, 'close');
  const line = once(createInterface({ input: child.stdout }), 'line');
  const firstLine = Promise.race([
    line.then(([text]) => String(text)),
    closed.then(([code, signal]) => Promise.reject(new Error(`${file} ended with ${code ?? signal}`))),
  ]);
  return { child, closed, firstLine };
}
