import { expect, test } from 'vitest';
import { setUpForwardings } from './forwarding-setup.ts';

test('a mapping ends the one before it, and gives way to one that begins later', async () => {
  const { store, map } = await setUpForwardings();
  for (const effectiveFrom of ['2026-01-01', '2026-09-01', '2026-05-01']) await map('M1', { effectiveFrom });
  const listed = await store.catalogue.resources.listResources();
  expect(listed.map((each) => [each.effectiveFrom, each.effectiveTo])).toEqual([
    ['2026-01-01', '2026-05-01'],
    ['2026-05-01', '2026-09-01'],
    ['2026-09-01', null],
  ]);
});

test('the same day twice is a conflict', async () => {
  const { map } = await setUpForwardings();
  await map('M1');
  await expect(map('M1', { account: 'sc-two' })).rejects.toMatchObject({ code: 'conflict' });
});

test("a posting's mappings are those of its meters and units, of every account and day", async () => {
  const { store, map, post } = await setUpForwardings();
  await map('M1');
  await map('M1', { effectiveFrom: '2026-06-01', account: 'sc-two' });
  await map('M2');
  const { transaction } = await post({
    sets: [{ meter: 'M1' }, { meter: 'M1' }, { meter: 'M2', unit: 'KVARH' }],
  });
  const found = await store.catalogue.resources.listResourcesOf(transaction);
  expect(found.map(({ meter, account }) => [meter, account])).toEqual([
    ['M1', 'sc-one'],
    ['M1', 'sc-two'],
  ]);
});
