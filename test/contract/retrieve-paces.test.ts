import { describe, expect, test } from 'vitest';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('paces of retrieves on $name', ({ open }) => {
  test('what was recorded last holds for its account, in every process', async () => {
    const store = await open();
    const other = await store.openAgain('bridge');
    const { retrievePaces } = store.catalogue;
    expect(await retrievePaces.findNextRetrieveAt('sc-one')).toBeUndefined();
    await retrievePaces.recordNextRetrieveAt('sc-one', 61_000);
    await retrievePaces.recordNextRetrieveAt('sc-two', 5);
    expect(await other.catalogue.retrievePaces.findNextRetrieveAt('sc-one')).toBe(61_000);
    await other.catalogue.retrievePaces.recordNextRetrieveAt('sc-one', 31_000);
    expect(await retrievePaces.findNextRetrieveAt('sc-one')).toBe(31_000);
    expect(await retrievePaces.findNextRetrieveAt('sc-two')).toBe(5);
    await store.expectSound();
  });
});
