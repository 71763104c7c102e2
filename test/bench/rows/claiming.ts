import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { decide } from '../../../bridge/forwarding/decide.ts';
import type { Transaction } from '../../../storage/model/transaction.ts';
import { createStore, openStore } from '../../../storage/open.ts';
import type { BenchRow } from '../bench-row.ts';
import type { Series } from '../result.ts';

/** Forwardings in the table, of which `due` are due to one account. */
const sizes = [10_000, 100_000, 1_000_000];
const quickSizes = [1_000, 10_000];
const due = 1_000;
/** Claimed in one round; the others stay due. */
const claimsARound = 250;
const now = Date.UTC(2026, 10, 20);
const account = 'sc-one';
const settings = { marginMs: 1, recheckMs: 60_000 };

const toMetric = (rows: number) => `claim and decide, ${rows.toLocaleString('en-US')} rows`;

/**
 * What the bridge does for each forwarding beside the ISO's own work: claim it durably, decide its next step, move it
 * durably. 1,000 are due to the account; the others ended long ago.
 */
export const claimingRows: readonly BenchRow[] = [
  {
    name: 'claiming',
    title: 'the bridge: one forwarding claimed, decided and moved, of 1,000 due (peers: none)',
    targets: sizes.slice(1).map((rows) => ({
      metric: toMetric(rows),
      against: 'ours',
      againstMetric: toMetric(sizes[0] ?? 0),
      atMost: 1.5,
    })),
    async run({ rounds, isQuick }) {
      const series: Series[] = [];
      const place = findPlace();
      for (const rows of isQuick ? quickSizes : sizes) {
        const folder = mkdtempSync(path.join(place, 'mdma-bench-claiming-'));
        try {
          const { processorMs, wallMs } = await measure(folder, rows, rounds);
          series.push({
            server: 'ours',
            metric: toMetric(rows),
            unit: 'ms of the processor',
            values: processorMs,
          });
          series.push({
            server: 'ours',
            metric: `the same by the clock, ${rows}`,
            unit: 'ms',
            values: wallMs,
          });
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
      return { series, notes: [`the catalogue lies in ${place}`] };
    },
  },
];

/**
 * In memory where there is such a folder: two commits a forwarding cost what the disk makes them cost, which would hide
 * what the table makes them cost.
 */
function findPlace(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

async function measure(
  folder: string,
  rows: number,
  rounds: number,
): Promise<{ processorMs: number[]; wallMs: number[] }> {
  const config = {
    databaseFile: path.join(folder, 'catalogue.sqlite'),
    filesFolder: path.join(folder, 'files'),
    archiveFolder: path.join(folder, 'archive'),
    ballastBytes: 1 << 20,
  };
  const clock = { now: () => now };
  await createStore(config, clock);
  fill(config.databaseFile, rows);
  const store = await openStore(config, { program: 'bridge', clock });
  const { forwardings } = store.catalogue;
  try {
    const processorMs: number[] = [];
    const wallMs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const startedMs = performance.now();
      const before = process.cpuUsage();
      let claimed = 0;
      for (; claimed < claimsARound; claimed++) {
        if ((await forwardings.findNextDueAt(account, 'omar')) === undefined) break;
        const forwarding = await forwardings.claimForwarding(account, 'omar', now + 45_000);
        if (forwarding === undefined) break;
        const step = decide(forwarding, now, settings, new Set());
        if (step.kind !== 'prepare') throw new Error(`the next step is ${step.kind}, expected prepare`);
        // Not due any more in this round; the state stays, so that the next round decides the same.
        await forwardings.moveForwarding(forwarding.id, { state: 'due', reason: '', dueAt: now + 1 });
      }
      if (claimed !== claimsARound) throw new Error(`${claimed} of ${claimsARound} forwardings were claimed`);
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0) {
        processorMs.push((user + system) / 1_000 / claimsARound);
        wallMs.push((performance.now() - startedMs) / claimsARound);
      }
      setDue(config.databaseFile);
    }
    return { processorMs, wallMs };
  } finally {
    await store.close();
  }
}

/** One posting a forwarding, as real ones have; with parts, submissions and events of those that ended. */
function fill(file: string, rows: number): void {
  const db = new Sqlite(file);
  db.pragma('synchronous = OFF');
  db.exec(`
    BEGIN;
    INSERT INTO instance (id, program, started_at, seen_at) VALUES ('bench', 'ops', 1, 1);
    INSERT INTO participant VALUES (1, 'staff', 'Staff', 'staff', 1);
    INSERT INTO file (id, key, sha256, bytes, root, created_at, is_coded)
      VALUES (1, 'bench', '${'0'.repeat(64)}', 1, 'on-line', 1, 1);`);
  const source = db.prepare(
    "INSERT INTO source (id, state, instance, file_id) VALUES (?, 'posted', 'bench', 1)",
  );
  const posting = db.prepare(
    `INSERT INTO posting (transaction_number, source_id, posted_by, posted_at, original_name, format, profile, summary,
      is_complete, note) VALUES (?, ?, 1, 1, '', 'cmep', 'strict', '{}', 1, '')`,
  );
  const forwarding = db.prepare(
    `INSERT INTO forwarding (id, transaction_number, account, way, state, reason, due_at, created_at, changed_at)
      VALUES (?, ?, ?, 'omar', ?, '', ?, 1, 1)`,
  );
  const event = db.prepare(
    `INSERT INTO event (at, instance, subject, subject_id, kind, body) VALUES (1, 'bench', 'forwarding', ?, 'created', '{}')`,
  );
  const part = db.prepare(
    "INSERT INTO part (id, forwarding_id, number, file_id, extension, records) VALUES (?, ?, 1, 1, 'csv', 1)",
  );
  const submission = db.prepare(
    `INSERT INTO submission (part_id, attempt, iso_name, instance, state, intended_at, deadline_at, iso_file_id, words,
      changed_at) VALUES (?, 1, ?, 'bench', 'accepted', 1, 1, ?, '', 1)`,
  );
  const every = rows / due;
  for (let id: number = 1; id <= rows; id++) {
    source.run(id);
    posting.run(id as Transaction, id);
    const isDue = id % every === 0;
    forwarding.run(id, id, account, isDue ? 'due' : 'accepted', isDue ? now - rows + id : null);
    event.run(id);
    if (isDue) continue;
    part.run(id, id);
    submission.run(id, `${id.toString(36)}-1-1-aaa.csv`, String(id));
  }
  db.exec('COMMIT; ANALYZE;');
  db.close();
}

function setDue(file: string): void {
  const db = new Sqlite(file, { timeout: 10_000 });
  db.prepare('UPDATE forwarding SET due_at = ? WHERE due_at IS NOT NULL').run(now - 1);
  db.close();
}
