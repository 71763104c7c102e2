import { alternate, type Bench, type BenchRow } from '../bench-row.ts';
import type { Target } from '../result.ts';
import { bigBytes, mebibyte } from '../workspace.ts';

const servers = ['nginx', 'ours', 'node', 'koa'];

export const downloadRows: readonly BenchRow[] = [
  toBigRow(1),
  toBigRow(16),
  toSmallRow('download-200kb', '200 KB download, 16 connections, identity', {}, 180_000, {
    atLeast: 0.4,
    aim: 0.8,
  }),
  toSmallRow(
    'download-200kb-zstd',
    '200 KB download, 16 connections, client offers zstd (nginx: identity)',
    { 'Accept-Encoding': 'zstd' },
    10_000,
    { atLeast: 0.8, aim: 1.5 },
  ),
];

function toBigRow(connections: number): BenchRow {
  return {
    name: `download-64mib-${connections}`,
    title: `64 MiB download, connections: ${connections}`,
    targets: [{ metric: 'speed', against: 'nginx', atLeast: 0.9, aim: 1.15 }],
    run: (bench) =>
      withWrk(bench, (wrk) =>
        alternate(bench, servers, async (running, seconds) => {
          const { bytesPerSecond } = await wrk(running, {
            path: running.server.bigPath,
            connections,
            seconds,
            certificate: bench.workspace.certificates.reader,
            minAnswerBytes: bigBytes - mebibyte,
          });
          return [{ metric: 'speed', unit: 'MiB/s', value: bytesPerSecond / mebibyte }];
        }),
      ),
  };
}

function toSmallRow(
  name: string,
  title: string,
  headers: Readonly<Record<string, string>>,
  minAnswerBytes: number,
  bounds: Pick<Target, 'atLeast' | 'aim'>,
): BenchRow {
  return {
    name,
    title,
    targets: [{ metric: 'speed', against: 'nginx', ...bounds }],
    run: (bench) =>
      withWrk(bench, (wrk) =>
        alternate(bench, servers, async (running, seconds) => {
          const load = {
            path: running.server.smallPath,
            connections: 16,
            seconds,
            certificate: bench.workspace.certificates.reader,
            headers,
            minAnswerBytes,
          };
          const run = await wrk(running, load);
          const answerBytes = run.bytesPerSecond / run.requestsPerSecond;
          const isCoded = answerBytes < bench.workspace.small.length / 2;
          if ('Accept-Encoding' in headers && running.server.name !== 'nginx' && !isCoded) {
            throw new Error(`${running.server.name} sent ${answerBytes} bytes each: not compressed`);
          }
          return [
            { metric: 'speed', unit: 'files/s', value: run.requestsPerSecond },
            { metric: 'answer', unit: 'bytes each', value: answerBytes },
          ];
        }),
      ),
  };
}

/** Runs with the load generator, or says why not. */
export async function withWrk(
  { wrk }: Bench,
  run: (wrk: Exclude<Bench['wrk'], { missing: string }>) => ReturnType<BenchRow['run']>,
): ReturnType<BenchRow['run']> {
  if (typeof wrk === 'function') return run(wrk);
  return { series: [], notes: [`SKIPPED: ${wrk.missing}`] };
}
