/**
 * `npm run bench -- [name…] [--rounds N] [--seconds N] [--json FILE] [--quick]`: measures our server beside others on
 * this machine. A name selects the rows that begin with it. See README.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchRow } from './bench-row.ts';
import { prepareWrk } from './load/wrk.ts';
import { describeMachine, pinLoad } from './machine.ts';
import { prepareOurs } from './ours.ts';
import { findApache } from './peers/apache.ts';
import { findNginx } from './peers/nginx.ts';
import { toBareKoa, toPlainNode } from './peers/node-peers.ts';
import { type ReportedRow, toJson, toTable } from './report.ts';
import { bigFileRows } from './rows/big-file.ts';
import { claimingRows } from './rows/claiming.ts';
import { convertingRows } from './rows/converting.ts';
import { downloadRows } from './rows/download.ts';
import { listingRows } from './rows/listing.ts';
import { postingRows } from './rows/posting.ts';
import { slowReaderRows } from './rows/slow-readers.ts';
import { killServers } from './running-server.ts';
import { makeWorkspace } from './workspace.ts';

const allRows = [
  ...downloadRows,
  ...listingRows,
  ...postingRows,
  ...slowReaderRows,
  ...bigFileRows,
  ...claimingRows,
  ...convertingRows,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const rows = selectRows(positionals);
const rounds = values.quick ? 1 : parseCount('--rounds', values.rounds);
const seconds = values.quick ? 1 : parseCount('--seconds', values.seconds);

const startedAt = new Date();
const isPinned = pinLoad();
const workspace = await makeWorkspace(startedAt.getTime());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killServers();
    workspace.remove();
    process.exit(1);
  });
}
try {
  const machine = describeMachine(workspace.folder, isPinned);
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  if (!isPinned) console.log('NOT PINNED: one core or no taskset; servers and load share cores');
  const bench: Bench = {
    workspace,
    servers: [
      findNginx(workspace),
      findApache(workspace),
      toPlainNode(workspace),
      toBareKoa(workspace),
      await prepareOurs(workspace),
    ],
    wrk: prepareWrk(workspace),
    isPinned,
    rounds,
    seconds,
    isQuick: values.quick,
  };
  const reported: ReportedRow[] = [];
  for (const row of rows) {
    const { name, title, targets } = row;
    const finished = { name, title, targets, ...(await row.run(bench)) };
    reported.push(finished);
    console.log(toTable(finished));
  }
  if (values.json !== undefined) writeFileSync(values.json, toJson(machine, startedAt, reported));
} finally {
  killServers();
  workspace.remove();
}

function selectRows(names: readonly string[]): readonly BenchRow[] {
  const unknown = names.find((name) => !allRows.some((row) => row.name.startsWith(name)));
  if (unknown !== undefined) {
    fail(
      `no row begins with ${JSON.stringify(unknown)}; there are ${allRows.map((row) => row.name).join(', ')}`,
    );
  }
  return names.length === 0
    ? allRows
    : allRows.filter((row) => names.some((name) => row.name.startsWith(name)));
}

function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    fail(`${option} is ${JSON.stringify(text)}, expected a whole number from 1`);
  return Number(text);
}

function fail(message: string): never {
  console.error(`bench: ${message}`);
  process.exit(2);
}
