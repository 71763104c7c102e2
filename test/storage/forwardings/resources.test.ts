import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { createMappingFinder, holdsResource, parseAccount } from '../../../storage/model/resource.ts';
import { hourMs } from '../../../storage/model/time.ts';
import { periodStartAt, setUpForwardings } from './forwarding-setup.ts';

const act = { by: 'anna', reason: 'a test' };
const mapping = {
  meter: 'M1',
  unit: 'KWH',
  resourceId: 'R_1',
  measurementType: 'LOAD',
  account: 'sc-one',
  way: 'omar' as const,
  effectiveFrom: '2026-01-01',
};

describe('a mapping', () => {
  test('takes from its unit what is left out', async () => {
    const { resources } = (await setUpForwardings()).store.catalogue;
    expect(
      await resources.mapResource({ ...mapping, unit: 'GKWH', measurementType: 'GEN' }, act),
    ).toMatchObject({
      channel: '',
      isoUnit: 'KWH',
      direction: 'received',
      effectiveTo: null,
    });
  });

  test.each([
    ['measurement type', { measurementType: 'LOADS' }],
    ['measurement type', { measurementType: 'INTERTIE' }],
    ['unit', { unit: 'THERM' }],
    ['unit', { unit: 'constructor' }],
    ['ISO unit', { isoUnit: 'KVARH' }],
    ['resource', { resourceId: 'site 7' }],
    ['meter', { meter: '' }],
    ['from', { effectiveFrom: '2026-02-30' }],
    ['to', { effectiveTo: '2026-01-01' }],
  ])('is refused when it is made, naming the %s', async (at, wrong) => {
    const { resources } = (await setUpForwardings()).store.catalogue;
    await expect(resources.mapResource({ ...mapping, ...wrong }, act)).rejects.toMatchObject({
      code: 'invalid-request',
      faults: [{ at }],
    });
    expect(await resources.listResources()).toEqual([]);
  });

  test('to an account that is not configured, or does not hold the resource, is refused', () => {
    const accounts = [{ name: 'sc-one', way: 'mris' as const, resources: ['R_1', 'SITE_*'] }];
    const ask = (account: string, resourceId: string) => () =>
      parseAccount({ account, resourceId, unit: 'KWH', measurementType: 'LOAD' }, accounts, 'Cannot map');
    expect(ask('sc-one', 'R_1')()).toBe('mris');
    expect(ask('sc-one', 'SITE_7')()).toBe('mris');
    expect(ask('sc-two', 'R_1')).toThrow(/account is "sc-two", expected a configured ISO account: sc-one/);
    expect(ask('sc-one', 'R_12')).toThrow(/resource is "R_12", expected one that account sc-one holds/);
    expect(holdsResource({}, 'ANY')).toBe(true);
  });

  test.each([
    ['the same day', { effectiveFrom: '2026-06-01' }],
    ['an open end', { effectiveFrom: '2026-05-01' }],
    ['a day in it', { effectiveFrom: '2026-07-01', effectiveTo: '2026-07-02' }],
    ['a day of one channel, where all are mapped', { effectiveFrom: '2026-07-01', channel: '2' }],
  ])('that overlaps another is refused: %s', async (_, period) => {
    const { resources } = (await setUpForwardings()).store.catalogue;
    await resources.mapResource({ ...mapping, effectiveFrom: '2026-06-01', effectiveTo: '2026-09-01' }, act);
    await expect(resources.mapResource({ ...mapping, ...period }, act)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('from 2026-06-01 to 2026-09-01 (mapping 1)'),
    });
  });

  test('may touch another, or be of another channel or unit', async () => {
    const { resources } = (await setUpForwardings()).store.catalogue;
    const june = { effectiveFrom: '2026-06-01', effectiveTo: '2026-09-01', channel: '1' };
    await resources.mapResource({ ...mapping, ...june }, act);
    for (const beside of [
      { effectiveFrom: '2026-09-01' },
      { effectiveFrom: '2026-01-01', effectiveTo: '2026-06-01' },
      { channel: '2', effectiveFrom: '2026-06-01', effectiveTo: '2026-09-01' },
      { unit: 'KVARH' },
    ]) {
      await resources.mapResource({ ...mapping, channel: '1', ...beside }, act);
    }
    const listed = await resources.listResources({ meter: 'M1' });
    expect(listed.map(({ unit, channel, effectiveFrom }) => [unit, channel, effectiveFrom])).toEqual([
      ['KVARH', '1', '2026-01-01'],
      ['KWH', '1', '2026-01-01'],
      ['KWH', '1', '2026-06-01'],
      ['KWH', '1', '2026-09-01'],
      ['KWH', '2', '2026-06-01'],
    ]);
    expect(await resources.listResources({ after: listed[3], limit: 1 })).toEqual([listed[4]]);
  });

  test('counts on the trade day that an interval ends on', () => {
    const find = createMappingFinder([
      { ...mapping, channel: '', isoUnit: 'KWH', direction: 'delivered', effectiveTo: '2026-11-20', id: 1 },
    ]);
    const measured = { meter: 'M1', unit: 'KWH', channel: '7' };
    expect(find(measured, periodStartAt + 24 * hourMs)?.id).toBe(1);
    expect(find(measured, periodStartAt + 25 * hourMs)).toBeUndefined();
  });
});

describe('a change', () => {
  test('of the way is a change of the account, for the whole period, and stays on record', async () => {
    const { store } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await resources.mapResource(mapping, act);
    await resources.changeResource(id, { account: 'sc-new', way: 'mris' }, undefined, {
      by: 'bob',
      reason: 'MRI-S',
    });
    expect(await resources.listResources()).toMatchObject([
      { id, account: 'sc-new', way: 'mris', resourceId: 'R_1' },
    ]);
    expect(await resources.listVersions(id)).toMatchObject([
      { kind: 'mapped', account: 'sc-one', by: 'anna', replacedAt: store.clock.now() },
      { kind: 'changed', account: 'sc-new', by: 'bob', reason: 'MRI-S', replacedAt: null },
    ]);
    await store.expectSound();
  });

  test('from a day on leaves the days before as they were', async () => {
    const { store } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await resources.mapResource(mapping, act);
    const later = await resources.changeResource(id, { resourceId: 'R_2' }, '2026-06-01', act);
    expect(later.id).not.toBe(id);
    expect(
      (await resources.listResources()).map((each) => [
        each.resourceId,
        each.effectiveFrom,
        each.effectiveTo,
      ]),
    ).toEqual([
      ['R_1', '2026-01-01', '2026-06-01'],
      ['R_2', '2026-06-01', null],
    ]);
    await expect(resources.changeResource(id, {}, '2026-06-01', act)).rejects.toThrow(/before 2026-06-01/);
    await store.expectSound();
  });

  test('that is wrong changes nothing', async () => {
    const { store } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await resources.mapResource(mapping, act);
    await expect(resources.changeResource(id, { isoUnit: 'GWH' }, undefined, act)).rejects.toMatchObject({
      faults: [{ at: 'ISO unit' }],
    });
    await expect(resources.changeResource(99, {}, undefined, act)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await resources.listVersions(id)).toHaveLength(1);
    await store.expectSound();
  });

  test('an end leaves the days before, or takes it back as a whole', async () => {
    const { store } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await resources.mapResource(mapping, act);
    await resources.endResource(id, '2026-06-01', act);
    expect(await resources.listResources()).toMatchObject([{ id, effectiveTo: '2026-06-01' }]);
    await expect(resources.endResource(id, '2026-07-01', act)).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await resources.endResource(id, '2026-01-01', act);
    expect(await resources.listResources()).toEqual([]);
    expect(
      (await resources.listVersions(id)).map(({ kind, replacedAt }) => [kind, replacedAt !== null]),
    ).toEqual([
      ['mapped', true],
      ['ended', true],
    ]);
    await expect(resources.endResource(id, '2026-01-01', act)).rejects.toMatchObject({ code: 'not-found' });
    await resources.mapResource(mapping, act);
    await store.expectSound();
  });
});

describe('what a forwarding is converted by', () => {
  test('is what was mapped when it was created, of every account and day', async () => {
    const { store, map, post } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await map('M1', { effectiveTo: '2026-06-01' });
    await map('M1', { effectiveFrom: '2026-06-01', account: 'sc-two' });
    await map('M2');
    const { forwardings } = await post({ sets: [{}, {}, { meter: 'M2', unit: 'KVARH' }] });
    const accounts = async () =>
      (await resources.getConversion(forwardings[0]?.id ?? 0)).mapped.map(({ account }) => account);
    expect(await accounts()).toEqual(['sc-one', 'sc-two']);
    await resources.changeResource(id, { account: 'sc-three' }, undefined, act);
    expect(await accounts()).toEqual(['sc-one', 'sc-two']);
    await expect((await post({ sets: [{}] })).forwardings).toHaveLength(1);
  });
});

describe('a backfill', () => {
  test('is offered for what was mapped later, once, and created only when told', async () => {
    const { store, map, post } = await setUpForwardings();
    const { resources, forwardings } = store.catalogue;
    await map('M1');
    const first = await post({ sets: [{}, { meter: 'M2' }, { meter: 'M2', raw: 24 }, { meter: 'M3' }] });
    await post({ sets: [{}] });
    const history = await post({ sets: [{ meter: 'M2', purpose: 'HISTORY' }] });
    expect(await resources.countUnmapped(first.transaction)).toBe(48);
    expect(await resources.countUnmapped(history.transaction)).toBe(0);
    await map('M2');
    const page = { after: 0, limit: 10 };
    const offer = { transaction: first.transaction, account: 'sc-one', way: 'omar', meters: 1, readings: 24 };
    expect(await resources.listBackfill(page)).toEqual([offer]);
    expect(await resources.listBackfill({ ...page, after: first.transaction })).toEqual([]);
    expect(await resources.countUnmapped(first.transaction)).toBe(24);

    const [id = 0] = await resources.backfill(first.transaction, act);
    expect(await forwardings.findForwarding(id)).toMatchObject({
      backfill: 1,
      state: 'due',
      transaction: first.transaction,
    });
    const { mapped, mappedBefore } = await resources.getConversion(id);
    expect(mapped.map(({ meter }) => meter)).toEqual(['M1', 'M2']);
    expect(mappedBefore.map(({ meter }) => meter)).toEqual(['M1']);
    expect(await resources.listBackfill(page)).toEqual([]);
    expect(await resources.backfill(first.transaction, act)).toEqual([]);

    await map('M3', { account: 'sc-two' });
    expect(await resources.backfill(first.transaction, act)).toHaveLength(1);
    await store.expectSound();
  });

  test('is not offered for a change of what was mapped, nor for days that are not', async () => {
    const { store, map, post } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await map('M1');
    await post({ sets: [{}, { meter: 'M2' }] });
    await resources.changeResource(id, { account: 'sc-two' }, undefined, act);
    await map('M2', { effectiveFrom: '2026-11-20' });
    expect(await resources.listBackfill({ after: 0, limit: 10 })).toEqual([]);
  });

  test('is not offered for what was mapped at any forwarding before, whatever became of the mapping meanwhile', async () => {
    const { store, map, post } = await setUpForwardings();
    const { resources } = store.catalogue;
    const { id } = await map('M1');
    const { transaction } = await post({ sets: [{}, { meter: 'M2' }] });
    await resources.endResource(id, '2026-01-01', act);
    await map('M2');
    expect(await resources.backfill(transaction, act)).toHaveLength(1);
    await map('M1');
    expect(await resources.listBackfill({ after: 0, limit: 10 })).toEqual([]);
    expect(await resources.backfill(transaction, act)).toEqual([]);
  });

  test('is made of no posting whose own event is gone: what went before could not be told', async () => {
    const { store, map, post } = await setUpForwardings();
    const { resources } = store.catalogue;
    await map('M1');
    const { transaction } = await post({ sets: [{}, { meter: 'M2' }] });
    await map('M2');
    const [id = 0] = await resources.backfill(transaction, act);
    const database = new Database(store.config.databaseFile);
    const isPosted = "subject = 'posting' AND kind = 'posted'";
    database.exec(`DROP TRIGGER event_is_append_only_delete; DELETE FROM event WHERE ${isPosted}`);
    database.close();
    const words = `Cannot convert transaction ${transaction}: the event of its posting is missing`;
    await expect(resources.getConversion(id)).rejects.toThrow(words);
    await expect(resources.backfill(transaction, act)).rejects.toThrow(words);
  });

  test('is not offered for what a correction has replaced', async () => {
    const { store, map, post } = await setUpForwardings();
    const original = await post({ sets: [{ meter: 'M2' }] });
    const correction = await post({ sets: [{ meter: 'M2' }], corrects: original.transaction });
    await map('M2');
    const offers = await store.catalogue.resources.listBackfill({ after: 0, limit: 10 });
    expect(offers.map(({ transaction }) => transaction)).toEqual([correction.transaction]);
  });
});
