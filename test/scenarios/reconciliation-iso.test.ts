import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Transaction } from '../../storage/model/transaction.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { ReconciliationRow } from '../../storage/reconciliation/row.ts';
import { runMdma } from '../ops/run-mdma.ts';
import {
  type BridgeWorld,
  createBridgeWorld,
  createMrisWorld,
  toCmepHours,
  toOmarCsvFile,
} from '../support/bridge-world.ts';
import { toDownloadSettings } from '../support/download-shape.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

type Row = Omit<ReconciliationRow, 'firstEndAt'> & { readonly firstEndAt: string };

/** Runs `mdma reconcile --ask-iso` of a world; each time as if the last retrieve were long ago. */
function setUpAsking({ config, storage }: BridgeWorld) {
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify(config));
  return async (...args: string[]) => {
    const database = new Database(storage.databaseFile);
    database.prepare('DELETE FROM user_pace').run();
    database.close();
    const period = ['--from', '2025-11-19', '--to', '2025-11-20'];
    const asked = ['reconcile', ...period, '--ask-iso', ...args];
    return runMdma(asked, { cwd, clock: systemClock });
  };
}

const inBrief = (rows: readonly Row[]) =>
  rows.map(({ fate, transaction, resourceId, firstEndAt, intervals, part }) => [
    ...[fate, transaction, resourceId, firstEndAt.slice(5, 16), intervals, part],
  ]);

async function finish(world: BridgeWorld): Promise<void> {
  await world.waitUntilAll(({ state }) => state === 'accepted');
}

describe.each([
  ['OMAR-Online', async () => createBridgeWorld(), 'omar'],
  ['MRI-S', async () => createMrisWorld(), 'mris'],
] as const)('%s is asked for what it holds', (_, createWorld, way) => {
  test('all as it was sent; then altered, taken away, added by hand, each is told', async () => {
    const world = await createWorld();
    await world.map(['M1', 'M2']);
    const end = await world.runBridge();
    await world.post(Buffer.from(toCmepHours('M1', [1, 2, 3, 4]) + toCmepHours('M2', ['5.5', 6])));
    await finish(world);
    const ask = setUpAsking(world);
    const account = way === 'mris' ? ['--account', 'sc-one-mris'] : [];
    const whole = await ask('--json', ...account);
    expect(whole.code).toBe(0);
    const { rows, totals } = whole.json() as { rows: Row[]; totals: object };
    expect(inBrief(rows)).toEqual([
      ['held', 1, 'R_M1', '11-19T09:00', 4, 1],
      ['held', 1, 'R_M2', '11-19T09:00', 2, 1],
    ]);
    expect(totals).toEqual({ held: { rows: 2, intervals: 6 } });

    const simulator = way === 'mris' ? world.mris : world.simulator;
    const unit = way === 'mris' ? 'MWH' : 'KWH';
    const by = { resourceId: 'R_M1', measurementType: 'LOAD', unit, intervalMinutes: 60 };
    simulator?.alter({ ...by, end: '2025-11-19T10:00:00Z', value: '9.5' });
    simulator?.alter({ ...by, end: '2025-11-19T12:00:00Z', value: null });
    simulator?.alter({ ...by, end: '2025-11-19T15:00:00Z', value: '7' });
    simulator?.alter({ ...by, end: '2025-11-19T16:00:00Z', value: '7' });
    simulator?.alter({ ...by, end: '2025-11-25T16:00:00Z', value: '7' });
    const altered = await ask('--json', ...account);
    expect(altered.code).toBe(1);
    const found = (altered.json() as { rows: Row[] }).rows;
    expect(inBrief(found)).toEqual([
      ['held', 1, 'R_M1', '11-19T09:00', 1, 1],
      ['different', 1, 'R_M1', '11-19T10:00', 1, 1],
      ['held', 1, 'R_M1', '11-19T11:00', 1, 1],
      ['missing', 1, 'R_M1', '11-19T12:00', 1, 1],
      ['held', 1, 'R_M2', '11-19T09:00', 2, 1],
      ['extra', null, 'R_M1', '11-19T15:00', 2, null],
    ]);
    const sent = way === 'mris' ? '0.002000' : '2.000';
    expect(found[1]).toMatchObject({
      words: `the ISO holds 9.5 ${unit}, sent was ${sent} ${unit}`,
      isLeftOver: true,
      meter: 'M1',
    });
    expect(found[3]).toMatchObject({ words: 'the ISO does not show it', isLeftOver: true });
    expect(found[5]).toMatchObject({
      words: `the ISO holds 7 ${unit}: no part brought it`,
      channel: 'LOAD',
      unit,
    });
    const batch = (await world.listForwardings())[0]?.parts[0]?.submissions.at(-1)?.isoFileId;
    expect(found[3]?.isoFileId).toBe(batch);

    const text = await ask('--left-over', ...account);
    expect(text.stdout).toMatch(
      /^FATE .*\ndifferent {4}1 .*\nmissing {6}1 .*\nextra {8}- .*R_M1 .*\n\ndifferent: 1 .*\nmissing: 1 .*\nextra: 2 .*\n$/,
    );
    await end();
    await world.expectOnceEach();
  });

  test('a day that a correction completed is judged by the part that brought it last', async () => {
    const world = await createWorld();
    await world.map(['M1']);
    await world.runBridge();
    const { transaction } = await world.post(Buffer.from(toCmepHours('M1', [1, 2, 3])));
    await finish(world);
    await world.post(Buffer.from(toCmepHours('M1', [8])), { corrects: transaction as Transaction });
    await finish(world);
    const ask = setUpAsking(world);
    const account = ['--account', way === 'mris' ? 'sc-one-mris' : 'sc-one'];
    const whole = await ask('--json', ...account);
    expect(inBrief((whole.json() as { rows: Row[] }).rows)).toEqual([
      ['accepted', 1, 'R_M1', '11-19T09:00', 3, 1],
      ['held', 2, 'R_M1', '11-19T09:00', 1, 1],
    ]);
    expect(whole.code).toBe(0);
    const simulator = way === 'mris' ? world.mris : world.simulator;
    const unit = way === 'mris' ? 'MWH' : 'KWH';
    const by = { resourceId: 'R_M1', measurementType: 'LOAD', unit, intervalMinutes: 60 };
    simulator?.alter({ ...by, end: '2025-11-19T11:00:00Z', value: null });
    const rest = await ask('--json', '--left-over', ...account);
    expect(inBrief((rest.json() as { rows: Row[] }).rows)).toEqual([
      ['missing', 2, 'R_M1', '11-19T11:00', 1, 1],
    ]);
    const since = await ask('--json', '--left-over', '--updated-since', '2099-01-01T00:00Z', ...account);
    expect((since.json() as { rows: Row[] }).rows).toHaveLength(way === 'mris' ? 0 : 1);
  });
});

test('what passes through is compared, too; and what a rejected part left at the ISO is told with it', async () => {
  const world = await createBridgeWorld([{ fault: 'validation-failed', kind: 'upload', times: 1, after: 1 }]);
  await world.map(['M3']);
  await world.runBridge();
  await world.post(toOmarCsvFile(1), { passThrough: true });
  await finish(world);
  await world.post(Buffer.from(toCmepHours('M3', [1])));
  await world.waitUntilAll(({ dueAt }) => dueAt === null);
  const by = { resourceId: 'R_M3', measurementType: 'LOAD', unit: 'KWH', intervalMinutes: 60 };
  world.simulator.alter({ ...by, end: '2025-11-19T09:00:00Z', value: '1' });
  const ask = setUpAsking(world);
  const { rows } = (await ask('--json')).json() as { rows: Row[] };
  expect(inBrief(rows)).toEqual([
    ['held', 1, 'R_1', '11-19T09:00', 1, 1],
    ['rejected', 2, 'R_M3', '11-19T09:00', 1, 1],
    ['extra', 2, 'R_M3', '11-19T09:00', 1, 1],
  ]);
  expect(rows[2]?.words).toBe('the ISO holds 1 KWH: its part is not accepted: rejected');
});

test('what comes back in MDEF is compared as far as its numbers go', async () => {
  const download = toDownloadSettings({
    parameters: { resourceId: '{resource}', startDate: '{from}', endDate: '{to}', format: 'MDEF' },
    ...{ format: 'mdef', profile: 'pacific-standard', contentType: 'application/octet-stream' },
  });
  const world = await createBridgeWorld([], { download });
  await world.map(['M1', { meter: 'M2', unit: 'GKWH', measurementType: 'GEN' }]);
  await world.runBridge();
  const generated = toCmepHours('M2', ['0.1', '123456.789']).replace(',KWH,', ',GKWH,');
  await world.post(Buffer.from(toCmepHours('M1', ['0.333', '98765.432']) + generated));
  await finish(world);
  const ask = setUpAsking(world);
  const { rows } = (await ask('--json')).json() as { rows: Row[] };
  expect(rows.map(({ fate, resourceId, intervals }) => [fate, resourceId, intervals])).toEqual([
    ['held', 'R_M1', 2],
    ['held', 'R_M2', 2],
  ]);
});

test('of MRI-S only what changed since an instant: what was sent before is not missed', async () => {
  const world = await createMrisWorld();
  await world.map(['M1']);
  await world.runBridge();
  await world.post(Buffer.from(toCmepHours('M1', [1, 2])));
  await finish(world);
  const ask = setUpAsking(world);
  const fatesSince = async (at: number) => {
    const since = `${new Date(at).toISOString().slice(0, 19)}Z`;
    const { json } = await ask('--json', '--account', 'sc-one-mris', '--updated-since', since);
    return (json() as { rows: Row[] }).rows.map(({ fate, intervals }) => [fate, intervals]);
  };
  expect(await fatesSince(Date.now() - 60_000)).toEqual([['held', 2]]);
  expect(await fatesSince(Date.now() + 60_000)).toEqual([['accepted', 2]]);
});

test('what cannot be asked for is said, and nothing of the report is written', async () => {
  const world = await createBridgeWorld();
  const ask = setUpAsking(world);
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ ...world.config, bridge: {} }));
  const period = ['--from', '2025-11-19', '--to', '2025-11-20'];
  const mdma = (...args: string[]) => runMdma(['reconcile', ...args], { cwd, clock: systemClock });
  const refused = (words: RegExp) => ({ stdout: '', stderr: expect.stringMatching(words) });
  expect(await mdma(...period, '--ask-iso')).toMatchObject(refused(/bridge\.download is not set/));
  expect(await mdma('--ask-iso')).toMatchObject(refused(/--from and --to/));
  expect(await mdma(...period, '--updated-since', '2025-11-19T00:00Z')).toMatchObject(
    refused(/only with it/),
  );
  expect(await mdma(...period, '--ask-iso', '--account', 'sc-nine')).toMatchObject(refused(/not configured/));
  expect(await mdma('--ask-iso', '--from', '2025-01-01', '--to', '2025-12-31')).toMatchObject(
    refused(/1 to 100/),
  );
  await world.map(['M1']);
  world.simulator.faults.arm({ fault: 'unknown-page', kind: 'download', times: 1 });
  expect(await ask()).toMatchObject({ ...refused(/is not recognised and was kept/), code: 1 });
  expect(await world.store.catalogue.forwardings.listStops('sc-one')).toMatchObject([{ kind: 'download' }]);
  expect(await ask()).toMatchObject(refused(/download work stands still/));
});
