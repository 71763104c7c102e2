/**
 * `npm run bench:formats -- [row…] [--mb N] [--rounds N] [--json FILE]`: measures scans and conversions beside others
 * that read the same file, each in a process of its own, in turn. A name selects the rows that begin with it. README.md
 * says more.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findProgram } from '../find-program.ts';
import { describeMachine } from '../machine.ts';
import { type Figures, type Measured, toMeasured, toVerdict } from './figures.ts';
import type { FormatRow } from './format-row.ts';
import { formatRows } from './rows.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mb: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const rows = formatRows.filter(
  ({ name }) => positionals.length === 0 || positionals.some((wanted) => name.startsWith(wanted)),
);
if (rows.length === 0 || !(rounds >= 1)) {
  console.error(`Nothing to measure; rows are ${formatRows.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const runner = fileURLToPath(new URL('./run-subject.ts', import.meta.url));
const taskset = findProgram('taskset');
const folder = mkdtempSync(path.join(tmpdir(), 'mdma-bench-formats-'));
try {
  const machine = describeMachine(folder, taskset !== undefined);
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}`);
  const results = [];
  for (const row of rows) {
    const measured = await measureRow(row);
    const verdicts = row.targets.map((target) => toVerdict(target, measured));
    console.log(
      `\n${row.name}: ${row.title}\n${toTable(measured)}${verdicts.map((one) => `  ${one}\n`).join('')}`,
    );
    results.push({ row: row.name, measured, verdicts });
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, results }, null, 2));
} finally {
  rmSync(folder, { recursive: true });
}

/** All subjects once to warm the file's pages, then in turn, A B A B, so that what changes meanwhile meets all alike. */
async function measureRow(row: FormatRow): Promise<Measured[]> {
  const megabytes = Number(values.mb ?? row.megabytes);
  const file = path.join(folder, row.name);
  await pipeline(Readable.from(row.write(megabytes * 1e6)), createWriteStream(file));
  const runs = row.subjects.map(({ name }) => ({ name, figures: [] as Figures[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { name, figures } of runs) figures.push(runSubject(row.name, name, file));
  }
  rmSync(file);
  return runs.map(({ name, figures }) => toMeasured(name, figures));
}

function runSubject(row: string, subject: string, file: string): Figures {
  const command = [process.execPath, runner, row, subject, file];
  const pinned = taskset === undefined ? command : [taskset, '--cpu-list', '0', ...command];
  const [program = '', ...args] = pinned;
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}

function toTable(measured: readonly Measured[]): string {
  const [first] = measured;
  const lines = measured.map(({ subject, speed, speedOfCpu, recordsPerSecond, peakMegabytes }) => [
    subject,
    speed.toFixed(0),
    subject === 'wc -l' ? '-' : speedOfCpu.toFixed(0),
    recordsPerSecond.toFixed(0),
    subject === 'wc -l' ? '-' : peakMegabytes.toFixed(0),
    ((first?.speed ?? Number.NaN) / speed).toFixed(3),
  ]);
  const all = [['', 'MB/s', 'MB/s of CPU', 'records/s', 'peak MB', 'ours is ×'], ...lines];
  return all
    .map((line) => `  ${line.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(12))).join('')}\n`)
    .join('');
}
