import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { alternate, type Bench, type BenchRow, type Figure } from '../bench-row.ts';
import { findProgram } from '../find-program.ts';
import type { Wrk } from '../load/wrk.ts';
import type { RunningServer } from '../running-server.ts';
import { withWrk } from './download.ts';

const durableLoop = fileURLToPath(new URL('../load/durable-loop.ts', import.meta.url));

export const postingRows: readonly BenchRow[] = [
  {
    name: 'post-200kb',
    title: 'post of 200 KB CMEP files, 16 connections (ours: scanned, durable, logged; Apache: unsynced PUT)',
    targets: [
      { metric: 'speed', against: 'apache', atLeast: 0.45, aim: 0.8 },
      { metric: 'p99', against: 'apache', atMost: 1 },
    ],
    run: (bench) => withWrk(bench, (wrk) => runPosting(bench, wrk)),
  },
];

async function runPosting(bench: Bench, wrk: Wrk) {
  let next = 1;
  const measured = await alternate(bench, ['apache', 'ours'], async (running, seconds) => {
    const run = await post(bench, wrk, running, next, seconds);
    next += run.requests + 1_000;
    // What one run left to be written would slow the next.
    execFileSync('sync');
    return [
      { metric: 'speed', unit: 'files/s', value: run.requestsPerSecond },
      { metric: 'p50', unit: 'ms', value: run.p50Ms },
      { metric: 'p99', unit: 'ms', value: run.p99Ms },
    ];
  });
  const loop: Figure[] = [];
  for (let round = 0; round < bench.rounds; round++) loop.push(await runDurableLoop(bench));
  const values = loop.map((figure) => figure.value);
  const series = { server: 'bare loop', metric: 'speed', unit: 'files/s', values };
  return { series: [...measured.series, series], notes: measured.notes };
}

function post(bench: Bench, wrk: Wrk, running: RunningServer, first: number, seconds: number) {
  const { post } = running.server;
  if (post === undefined) throw new Error(`${running.server.name} takes no files`);
  const headers = Object.entries(post.headers).map(([name, value]) => `${name}\n${value}\n`);
  return wrk(running, {
    path: '/',
    connections: 16,
    seconds,
    certificate: bench.workspace.certificates.staff,
    minAnswerBytes: 1,
    script: {
      file: 'post.lua',
      env: {
        BENCH_BODY: path.join(bench.workspace.served, 'small.dat'),
        BENCH_METHOD: post.method,
        BENCH_PATTERN: post.pattern,
        BENCH_MODULO: String(post.modulo ?? 0),
        BENCH_FIRST: String(first),
        BENCH_HEADERS: headers.join(''),
      },
    },
  });
}

/** The disk's own pace on the servers' core: write, fsync, rename, fsync of the folder, one file after another. */
async function runDurableLoop({ workspace, isPinned, seconds }: Bench): Promise<Figure> {
  const args = [durableLoop, workspace.folder, path.join(workspace.served, 'small.dat'), String(seconds)];
  const { stdout } = isPinned
    ? await promisify(execFile)(findProgram('taskset') ?? 'taskset', [
        '--cpu-list',
        '0',
        process.execPath,
        ...args,
      ])
    : await promisify(execFile)(process.execPath, args);
  return { metric: 'speed', unit: 'files/s', value: Number(stdout) };
}
