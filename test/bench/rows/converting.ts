import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StorageConfig } from '../../../storage/config.ts';
import type { Bench, BenchRow } from '../bench-row.ts';
import { toCmepChunks } from '../cmep-data.ts';
import { makePostedStore } from '../conversion/posted-store.ts';
import type { PrepareFigures } from '../conversion/prepare-figures.ts';
import { findProgram } from '../find-program.ts';
import { toCmepMonth } from '../formats/data/cmep-month.ts';
import type { Series } from '../result.ts';

const program = fileURLToPath(new URL('../conversion/run-prepare.ts', import.meta.url));
/** As the shipped unit starts the bridge. */
const nodeFlags = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

/** Few meters with a month of quarter hours, and so many with half a day. */
const files = [
  { name: 'a month of 760 meters', bytes: 100e6, make: toCmepMonth },
  { name: 'half a day of 100,000', bytes: 105.2e6, make: (bytes: number) => toCmepChunks(bytes, 1, 1) },
];
const quickBytes = 2e6;

const toMetrics = (name: string) => ({ speed: `${name}, speed`, memory: `${name}, peak RSS` });

/**
 * What the bridge does with a posting before it sends anything: reads it back, converts what is mapped, splits, reads
 * every part back, keeps it durably, records it. Each round is a process of its own on a copy of the same store.
 */
export const convertingRows: readonly BenchRow[] = [
  {
    name: 'converting',
    title: 'the bridge: 100 MB of CMEP made into CSV parts under 500 KB (peers: none)',
    targets: files
      .map(({ name }) => toMetrics(name))
      .flatMap(({ speed, memory }) => [
        { metric: speed, atLeast: 40 },
        { metric: memory, atMost: 200 },
      ]),
    async run(bench) {
      const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
      const series: Series[] = [];
      const notes = [`the store lies in ${place}`];
      for (const { name, bytes, make } of files) {
        const maxBytes = bench.isQuick ? quickBytes : bytes;
        const runs = await measure(place, maxBytes, () => make(maxBytes), bench);
        const metrics = toMetrics(name);
        const add = (metric: string, unit: string, toValue: (run: PrepareFigures) => number) =>
          series.push({ server: 'ours', metric, unit, values: runs.map(toValue) });
        add(metrics.speed, 'MB/s', ({ megabytes, seconds }) => megabytes / seconds);
        add(`${name}, of CPU`, 'MB/s', ({ megabytes, cpuSeconds }) => megabytes / cpuSeconds);
        add(metrics.memory, 'MB', ({ peakMegabytes }) => peakMegabytes);
        const { parts, records, digest } = runs[0] as PrepareFigures;
        notes.push(
          `${name}: ${parts} parts of ${records} rows, the same in every round: ${digest.slice(0, 16)}`,
        );
      }
      return { series, notes };
    },
  },
];

/** @throws when a part is too large, or a round makes others than the first */
async function measure(
  place: string,
  maxBytes: number,
  toFile: () => Iterable<Buffer>,
  { rounds, isPinned }: Bench,
): Promise<PrepareFigures[]> {
  const folder = mkdtempSync(path.join(place, 'mdma-bench-converting-'));
  try {
    const [kept, used] = [path.join(folder, 'kept'), path.join(folder, 'used')];
    await makePostedStore(toConfig(kept), maxBytes, toFile);
    const runs: PrepareFigures[] = [];
    // Two at least, because parts are to be the same.
    for (let round = 0; round < Math.max(rounds, 2); round++) {
      cpSync(kept, used, { recursive: true });
      runs.push(runPrepare(toConfig(used), isPinned));
      rmSync(used, { recursive: true });
    }
    const different = runs.find(({ digest }) => digest !== runs[0]?.digest);
    if (different !== undefined) throw new Error('The same posting gave other parts in another round');
    const tooLarge = runs.find(({ largestPart }) => largestPart >= 500_000);
    if (tooLarge !== undefined) throw new Error(`A part has ${tooLarge.largestPart} bytes`);
    return runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toConfig(folder: string): StorageConfig {
  return {
    databaseFile: path.join(folder, 'catalogue.sqlite'),
    filesFolder: path.join(folder, 'files'),
    archiveFolder: path.join(folder, 'archive'),
    ballastBytes: 1 << 20,
  };
}

function runPrepare(config: StorageConfig, isPinned: boolean): PrepareFigures {
  const command = [process.execPath, ...nodeFlags, program, JSON.stringify(config)];
  const taskset = isPinned ? findProgram('taskset') : undefined;
  const [first = '', ...rest] = taskset === undefined ? command : [taskset, '--cpu-list', '0', ...command];
  return JSON.parse(execFileSync(first, rest, { encoding: 'utf8' }));
}
