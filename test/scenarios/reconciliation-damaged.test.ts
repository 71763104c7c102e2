import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const ofAccount = await server.callJson('staff', 'GET', '/reconciliation?account=sc-one');
  expect(ofAccount.json.totals.unreadable).toEqual({ rows: 2, intervals: 0 });

  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: server.store.config }));
  const { code, stdout } = await runMdma(['reconcile'], { cwd, clock: systemClock });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`\\nunreadable {3}${transactions[1]} .*SHA-256`));
  expect(stdout).toContain('unreadable: 0 intervals in 2 lines');
});

/** Two postings that the ISO has accepted; the part of the first is damaged. */
async function damagePart() {
  const world = await createBridgeWorld();
  await world.map(['M1']);
  await world.post(Buffer.from(toCmepHours('M1', [1, 2])));
  await world.post(Buffer.from(toCmepHours('M1', [3, 4], '2025-11-20')));
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const [forwarding] = (await world.listForwardings()).toReversed();
  const [part] = forwarding?.parts ?? [];
  damage(path.join(world.storage.filesFolder, part?.file.key ?? ''));
  return { world, forwarding, part };
}

test('a damaged part is told of by its number; its intervals are told as far as its forwarding tells', async () => {
  const { world, forwarding, part } = await damagePart();
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

test.each(['posting', 'part'])('a disk that fails is no damaged %s: no report', async (which) => {
  const world = await createBridgeWorld();
  await world.map(['M1']);
  const { transaction } = await world.post(Buffer.from(toCmepHours('M1', [1])));
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const [forwarding] = await world.listForwardings();
  const source = await world.store.catalogue.postings.getSource(transaction);
  const key = which === 'posting' ? source.key : (forwarding?.parts[0]?.file.key ?? '');
  const place = path.join(world.storage.filesFolder, key);
  rmSync(place);
  mkdirSync(place);
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
  const { code, stdout, stderr } = await runMdma(['reconcile'], { cwd, clock: systemClock });
  expect(stderr).toContain('EISDIR');
  expect(stdout).not.toContain('unreadable');
  expect(code).toBe(1);
});

test('a damaged posting is told of to the accounts that it concerns', async () => {
  const world = await createBridgeWorld();
  await world.map(['M1', { meter: 'M2', account: 'sc-two' }]);
  await world.post(Buffer.from(toCmepHours('M1', [1])));
  await world.post(Buffer.from(toCmepHours('M2', [2])));
  await world.post(Buffer.from(toCmepHours('M1', [3], '2025-11-20') + toCmepHours('M9', [4], '2025-11-20')));
  const { postings } = world.store.catalogue;
  for (const transaction of [1, 2, 3]) {
    const { key } = await postings.getSource(transaction as Transaction);
    damage(path.join(world.storage.filesFolder, key));
  }
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
  const listOf = async (...args: string[]) => {
    const { json } = await runMdma(['reconcile', '--json', ...args], { cwd, clock: systemClock });
    return (json() as { rows: { transaction: number }[] }).rows.map(({ transaction }) => transaction);
  };
  expect(await listOf()).toEqual([1, 2, 3]);
  expect(await listOf('--account', 'sc-one')).toEqual([1, 3]);
  // The third has a meter that is mapped to no account.
  expect(await listOf('--account', 'sc-two')).toEqual([2, 3]);
});

test('what the ISO holds is not laid to nobody while the part that brought it is damaged', async () => {
  const { world } = await damagePart();
  const by = { resourceId: 'R_M1', measurementType: 'LOAD', unit: 'KWH', intervalMinutes: 60 };
  world.simulator?.alter({ ...by, end: '2025-11-20T15:00:00Z', value: '7' });
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify(world.config));
  const asked = ['reconcile', '--json', '--from', '2025-11-19', '--to', '2025-11-20', '--ask-iso'];
  const { json } = await runMdma(asked, { cwd, clock: systemClock });
  expect((json() as { rows: object[] }).rows).toMatchObject([
    { fate: 'unreadable', transaction: 1, part: 1 },
    { fate: 'accepted', transaction: 1, part: null, intervals: 2 },
    { fate: 'held', transaction: 2, part: 1, intervals: 2 },
    { fate: 'extra', transaction: null, intervals: 1, firstEndAt: '2025-11-20T15:00:00.000Z' },
  ]);
});
