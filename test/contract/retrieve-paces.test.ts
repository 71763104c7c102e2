import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../storage/open.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('paces of retrieves on $name', ({ open }) => {
  let store: TestStore;
  let other: Store;

  beforeEach(async () => {
    store = await open();
    other = await store.openAgain('bridge');
    return () => store.expectSound();
  });

  const take = (now: number, untilAt: number, { catalogue }: Store = store, user = 'CN=one') =>
    catalogue.retrievePaces.takeRetrieve(user, now, untilAt);
  const settle = (untilAt: number, nextAt: number, { catalogue }: Store = store) =>
    catalogue.retrievePaces.settleRetrieve('CN=one', untilAt, nextAt);

  test('a retrieve that is taken is nobody else’s until its time, in every process; of another user it is', async () => {
    expect(await take(1_000, 61_000)).toBeUndefined();
    expect(await take(60_999, 90_000, other)).toBe(61_000);
    expect(await take(60_999, 90_000, other, 'CN=two')).toBeUndefined();
    expect(await take(61_000, 90_000, other)).toBeUndefined();
    expect(await take(61_000, 99_000)).toBe(90_000);
  });

  test('when it has ended, what follows takes its place, sooner or later', async () => {
    await take(1_000, 61_000);
    await settle(61_000, 32_000);
    expect(await take(31_999, 90_000, other)).toBe(32_000);
    expect(await take(32_000, 90_000, other)).toBeUndefined();
    await settle(90_000, 900_000, other);
    expect(await take(899_999, 999_000)).toBe(900_000);
  });

  test('who stood still meanwhile does not shorten what another has taken', async () => {
    await take(1_000, 61_000);
    await take(61_000, 120_000, other);
    await settle(61_000, 92_000);
    expect(await take(100_000, 200_000)).toBe(120_000);
    await settle(61_000, 131_000);
    expect(await take(130_999, 200_000)).toBe(131_000);
  });

  test('is given to exactly one of many who ask at the same moment', async () => {
    const stores = [store, other, await store.openAgain('bridge'), await store.openAgain('bridge')];
    const taken = await Promise.all(stores.map((each) => take(1_000, 61_000, each)));
    expect(taken.filter((nextAt) => nextAt === undefined)).toHaveLength(1);
  });
});
