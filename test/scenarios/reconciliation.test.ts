import { expect, test } from 'vitest';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { toPartFormats } from '../../ops/to-part-formats.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { reconcile } from '../../storage/reconciliation/reconcile.ts';
import {
  type BridgeWorld,
  createBridgeWorld,
  createMrisWorld,
  toCmepHours,
  toOmarCsvFile,
} from '../support/bridge-world.ts';

/** Some quarter hours of a meter, 2025-11-19 from 08:15 UTC on. */
function toRecord(meter: string, values: readonly string[], day = '20251119'): string {
  const ends = ['0815', '0830', '0845', '0900'];
  const triplets = values.map((value, at) => `${day}${ends[at]},${value}`);
  return `MEPMD01,19970819,MDMA,,ESP,,202511220930,${meter},OK,E,KWH,1,00000015,${values.length},${triplets.join(',')}\r\n`;
}

async function report({ store }: BridgeWorld, filter = {}) {
  const rows = [];
  for await (const row of reconcile({ ...store, clock: systemClock, partFormats }, filter)) rows.push(row);
  return rows;
}

const partFormats = toPartFormats({ bridge: bridgeConfigSchema.parse({}) });

const inBrief = (rows: Awaited<ReturnType<typeof report>>) =>
  rows.map(({ fate, transaction, meter, intervals, part }) => [fate, transaction, meter, intervals, part]);

test('every interval that was posted is told with its part, file and fate', async () => {
  const world = await createBridgeWorld([], { resources: ['R_M1', 'R_M2', 'R_M3'] });
  await world.map(['M1', 'M2', { meter: 'M3', resourceId: 'R_M4' }]);
  const post = (text: string, input = {}) => world.post(Buffer.from(text), input);
  const first = await post(
    toRecord('M1', [',1', 'E,2', 'R,3', ',4']) + toRecord('M2', [',-1', ',2']) + toRecord('M9', [',1']),
  );
  const rejected = await post(toRecord('M3', [',1', ',2']));
  await post(toRecord('M1', [',7'], '20251121'));
  await world.runBridge();
  await world.waitUntilAll(({ dueAt }) => dueAt === null);
  await world.map([{ meter: 'M9', account: 'sc-two' }]);
  const rows = await report(world);
  expect(inBrief(rows)).toEqual([
    ['accepted', 1, 'M1', 3, 1],
    ['not-carried', 1, 'M2', 1, null],
    ['accepted', 1, 'M2', 1, 1],
    ['mappable', 1, 'M9', 1, null],
    ['rejected', 2, 'M3', 2, 1],
    ['accepted', 3, 'M1', 1, 1],
  ]);
  const [forwarding] = (await world.listForwardings()).toReversed();
  const submission = forwarding?.parts[0]?.submissions[0];
  expect(rows[0]).toMatchObject({
    line: 1,
    isLeftOver: false,
    resourceId: 'R_M1',
    account: 'sc-one',
    isoName: submission?.isoName,
    isoFileId: submission?.isoFileId,
    isoStatus: 'Validation Passed',
    firstEndAt: Date.UTC(2025, 10, 19, 8, 15),
    lastEndAt: Date.UTC(2025, 10, 19, 9),
  });
  expect(rows[4]).toMatchObject({
    isLeftOver: true,
    words: expect.stringContaining('Unknown resource identifier'),
  });
  expect(inBrief(await report(world, { from: '2025-11-20', to: '2025-11-21' }))).toEqual([
    ['accepted', 3, 'M1', 1, 1],
  ]);
  expect(inBrief(await report(world, { account: 'sc-two' }))).toEqual([['mappable', 1, 'M9', 1, null]]);
  expect(first.transaction).toBe(1);

  // A correction brings the day anew: what was rejected is left over no more.
  await world.store.catalogue.resources.changeResource(3, { resourceId: 'R_M3' }, undefined, {
    by: 'anna',
    reason: 'a slip',
  });
  await post(toRecord('M3', [',1']), { corrects: rejected.transaction });
  await world.waitUntilAll(({ dueAt }) => dueAt === null);
  expect(inBrief(await report(world, { account: 'sc-one' })).filter(([, , meter]) => meter === 'M3')).toEqual(
    [
      ['replaced', 2, 'M3', 2, 1],
      ['accepted', 4, 'M3', 1, 1],
    ],
  );
});

test('what is generated is found in its part, too', async () => {
  const world = await createBridgeWorld();
  await world.map([{ meter: 'M1', unit: 'GKWH', measurementType: 'GEN' }]);
  await world.post(Buffer.from(toCmepHours('M1', [1, 2]).replace(',KWH,', ',GKWH,')));
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  expect(inBrief(await report(world))).toEqual([['accepted', 1, 'M1', 2, 1]]);
});

test('what goes to MRI-S is told with its batch, each of several by itself', async () => {
  const world = await createMrisWorld();
  await world.map(['M1', 'M2']);
  const hours = Array.from({ length: 48 }, (_, at) => at + 1);
  await world.post(Buffer.from(toCmepHours('M1', hours) + toCmepHours('M2', hours)));
  await world.runBridge({ mris: { maxPartBytes: 6_000 } });
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const rows = await report(world);
  const [forwarding] = await world.listForwardings();
  const batchOf = Object.fromEntries(
    (forwarding?.parts ?? []).map(({ number, submissions }) => [number, submissions.at(-1)?.isoFileId]),
  );
  expect(Object.keys(batchOf).length).toBeGreaterThan(1);
  expect(rows.reduce((sum, { intervals }) => sum + intervals, 0)).toBe(96);
  expect(new Set(rows.map(({ part }) => part)).size).toBe(Object.keys(batchOf).length);
  for (const { fate, part, isoFileId, isoStatus } of rows) {
    expect([fate, isoFileId, isoStatus]).toEqual(['accepted', batchOf[part ?? 0], 'SUCCESS']);
  }
});

test('what the list of the ISO showed and is not ours is left over on its side', async () => {
  const world = await createBridgeWorld([{ fault: 'lost-answer', kind: 'upload', times: 1 }]);
  await world.post(toOmarCsvFile(1), { passThrough: true });
  await world.runBridge({ uploadDeadlineSeconds: 0.3 });
  await world.waitUntilAll(({ state }) => state === 'accepted');
  expect(inBrief(await report(world))).toEqual([['accepted', 1, 'R_1', 1, 1]]);
  await world.store.catalogue.reconciliation.recordWalk('sc-one', [
    { fileId: '7', name: 'by-hand.csv', status: 'Validation Passed', records: 3, received: '11/19/2025' },
  ]);
  const rows = await report(world);
  expect(rows.at(-1)).toMatchObject({
    fate: 'not-ours',
    isLeftOver: true,
    transaction: null,
    account: 'sc-one',
    isoFileId: '7',
    isoName: 'by-hand.csv',
    words: 'received 11/19/2025, 3 records',
  });
  expect(inBrief(rows)).toHaveLength(2);
});

test('what is still to be sent, or waits for a person, is told as that', async () => {
  const world = await createBridgeWorld();
  await world.map(['M1']);
  const { forwardings } = await world.post(Buffer.from(toRecord('M1', [',1'])));
  expect(inBrief(await report(world))).toEqual([['not-sent', 1, 'M1', 1, null]]);
  const [id = 0] = forwardings.map((each) => each.id);
  await world.store.catalogue.forwardings.setHold(id, true, 'anna', 'a test');
  await world.store.catalogue.forwardings.closeForwarding(id, 'anna', 'sent by hand');
  expect(await report(world)).toMatchObject([
    { fate: 'closed', isLeftOver: true, words: 'closed by anna: sent by hand' },
  ]);
});
