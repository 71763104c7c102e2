import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../storage/open.ts';
import { instanceTimeoutMs } from '../../storage/ports/instances.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('instances and leases on $name', ({ open }) => {
  let store: TestStore;
  let other: Store;

  beforeEach(async () => {
    store = await open();
    other = await store.openAgain('bridge');
    return () => store.expectSound();
  });

  const listDead = (by: Store = store) => by.catalogue.instances.listDeadInstances(store.clock.now());

  test('each run is an instance of its own', () => {
    expect(store.catalogue.instances.instance).not.toBe(other.catalogue.instances.instance);
  });

  test('one that left something open is dead when it was not seen for half a minute, and never to itself', async () => {
    await other.catalogue.postings.openSource();
    store.clock.advance(instanceTimeoutMs);
    expect(await listDead()).toEqual([]);
    store.clock.advance(1);
    expect(await listDead()).toEqual([other.catalogue.instances.instance]);
    expect(await listDead(other)).toEqual([]);
    await other.catalogue.instances.heartbeat();
    expect(await listDead()).toEqual([]);
  });

  test('one that ended is dead at once if it left something open, else not worth telling', async () => {
    const [left, nothing] = [await store.openAgain('server'), await store.openAgain('server')];
    const sourceId = await left.catalogue.postings.openSource();
    await left.close();
    await nothing.close();
    expect(await listDead()).toEqual([left.catalogue.instances.instance]);
    await store.catalogue.postings.dropSource(sourceId);
    expect(await listDead()).toEqual([]);
  });

  test('operations of a closed catalogue reject', async () => {
    await other.close();
    await expect(other.catalogue.instances.heartbeat()).rejects.toThrow();
    await expect(other.catalogue.participants.listParticipants()).rejects.toThrow();
  });

  describe('a lease', () => {
    const take = (by: Store, ms = 60_000) =>
      by.catalogue.instances.takeLease('session sc-one', store.clock.now() + ms);

    test('is held by one at a time, until its time is over', async () => {
      expect(await take(store)).toBe(true);
      expect(await take(other)).toBe(false);
      store.clock.advance(60_000 - 1);
      expect(await take(other)).toBe(false);
      store.clock.advance(1);
      expect(await take(other)).toBe(true);
      expect(await take(store)).toBe(false);
    });

    test('is lengthened by its holder', async () => {
      await take(store);
      store.clock.advance(30_000);
      expect(await take(store)).toBe(true);
      store.clock.advance(60_000 - 1);
      expect(await take(other)).toBe(false);
    });

    test('is given back by its holder only', async () => {
      await take(store);
      await other.catalogue.instances.releaseLease('session sc-one');
      expect(await take(other)).toBe(false);
      await store.catalogue.instances.releaseLease('session sc-one');
      expect(await take(other)).toBe(true);
    });

    test('can be looked at without being taken', async () => {
      const find = () => other.catalogue.instances.findLeaseEnd('session sc-one');
      expect(await find()).toBeUndefined();
      await take(store);
      expect(await find()).toBe(store.clock.now() + 60_000);
      store.clock.advance(60_000);
      expect(await find()).toBeUndefined();
    });

    test('of another name is another lease', async () => {
      await take(store);
      const until = store.clock.now() + 1;
      expect(await other.catalogue.instances.takeLease('session sc-two', until)).toBe(true);
    });

    test('is won by exactly one of many who ask at the same moment', async () => {
      const stores = [store, other, await store.openAgain('bridge'), await store.openAgain('bridge')];
      const won = await Promise.all(stores.map((each) => take(each)));
      expect(won.filter(Boolean)).toHaveLength(1);
    });
  });
});
