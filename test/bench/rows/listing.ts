import { alternate, type BenchRow, type Figure } from '../bench-row.ts';
import { withWrk } from './download.ts';

const sizes = [100, 10_000, 1_000_000];
const load = { connections: 16, headers: { Accept: 'application/json' }, minAnswerBytes: 5_000 };

export const listingRows: readonly BenchRow[] = [
  {
    name: 'listing',
    title: 'listing of 100 files as JSON, 16 connections (peers: a plain file)',
    targets: [{ metric: 'speed', atLeast: 2_000 }],
    run: (bench) =>
      withWrk(bench, (wrk) =>
        alternate(bench, ['nginx', 'ours', 'node', 'koa'], async (running, seconds) => {
          const path = running.server.listingPaths[100] ?? '/';
          const certificate = bench.workspace.certificates.reader;
          const run = await wrk(running, { ...load, path, seconds, certificate });
          return [{ metric: 'speed', unit: 'listings/s', value: run.requestsPerSecond }];
        }),
      ),
  },
  {
    name: 'listing-pages',
    title: 'a page of 100 files in mailboxes of 100, 10,000 and 1,000,000 files, 16 connections',
    targets: sizes.slice(1).map((files) => ({
      metric: toMetric(files),
      against: 'ours',
      againstMetric: toMetric(100),
      atLeast: 1 / 1.5,
    })),
    run: (bench) =>
      withWrk(bench, (wrk) =>
        alternate(bench, ['ours'], async (running, seconds) => {
          const figures: Figure[] = [];
          for (const files of sizes) {
            const path = running.server.listingPaths[files];
            if (path === undefined) continue;
            const certificate = bench.workspace.certificates.reader;
            const run = await wrk(running, { ...load, path, seconds, certificate });
            figures.push({ metric: toMetric(files), unit: 'pages/s', value: run.requestsPerSecond });
          }
          return figures;
        }),
      ),
  },
];

function toMetric(files: number): string {
  return `page of ${files.toLocaleString('en-US')}`;
}
