import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Transaction } from '../../storage/model/transaction.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { startTestServer, toSample } from '../server/test-server.ts';
import { createBridgeWorld, toCmepHours } from '../support/bridge-world.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** One byte in the middle is another: the record still reads well. */
function damage(place: string): void {
  const bytes = readFileSync(place);
  const at = bytes.lastIndexOf(0x31); // "1"
  bytes[at] = 0x32;
  writeFileSync(place, bytes);
}

test('a damaged or lost file is told of, and nothing is made from it; the report goes on', async () => {
  const server = await startTestServer();
  const { postings } = server.store.catalogue;
  const transactions: number[] = [];
  for (const seed of [1, 2, 3, 4]) transactions.push((await server.post(toSample(seed))).transaction);
  const toPlace = async (transaction: number | undefined) => {
    const { key } = await postings.getSource(transaction as Transaction);
    return path.join(server.store.config.filesFolder, key);
  };
  damage(await toPlace(transactions[1]));
  rmSync(await toPlace(transactions[2]));
  const { status, json } = await server.callJson('staff', 'GET', '/reconciliation');
  expect(status).toBe(200);
  const unreadable = json.rows.filter(({ fate }: { fate: string }) => fate === 'unreadable');
  expect(unreadable).toMatchObject([
    {
      transaction: transactions[1],
      isLeftOver: true,
      intervals: 0,
      words: expect.stringContaining('SHA-256'),
    },
    { transaction: transactions[2], isLeftOver: true, words: expect.stringContaining('it is not in') },
  ]);
  const told = new Set(json.rows.map(({ transaction }: { transaction: number }) => transaction));
  expect(told).toEqual(new Set(transactions));
  expect(
    json.rows.filter((row: { transaction: number }) => row.transaction === transactions[1]),
  ).toHaveLength(1);
  expect(json.totals.unreadable).toEqual({ rows: 2, intervals: 0 });

  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: server.store.config }));
  const { code, stdout } = await runMdma(['reconcile'], { cwd, clock: systemClock });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`\\nunreadable {3}${transactions[1]} .*SHA-256`));
  expect(stdout).toContain('unreadable: 0 intervals in 2 lines');
});

test('a damaged part is told of by its number; its intervals are told as far as its forwarding tells', async () => {
  const world = await createBridgeWorld();
  await world.map(['M1']);
  await world.post(Buffer.from(toCmepHours('M1', [1, 2])));
  await world.post(Buffer.from(toCmepHours('M1', [3, 4], '2025-11-20')));
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const [forwarding] = (await world.listForwardings()).toReversed();
  const [part] = forwarding?.parts ?? [];
  damage(path.join(world.storage.filesFolder, part?.file.key ?? ''));
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
  const { code, json } = await runMdma(['reconcile', '--json'], { cwd, clock: systemClock });
  expect(code).toBe(1);
  expect((json() as { rows: object[] }).rows).toMatchObject([
    {
      fate: 'unreadable',
      transaction: 1,
      account: 'sc-one',
      forwarding: forwarding?.id,
      part: 1,
      isoName: part?.submissions[0]?.isoName,
      words: expect.stringMatching(/^part 1: .*SHA-256/),
    },
    { fate: 'accepted', transaction: 1, part: null, intervals: 2 },
    { fate: 'accepted', transaction: 2, part: 1, intervals: 2 },
  ]);
});
