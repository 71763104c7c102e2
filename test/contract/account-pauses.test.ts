import { describe, expect, test } from 'vitest';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('pauses of accounts on $name', ({ open }) => {
  test('hold for every process until they are over, and are never made shorter', async () => {
    const store = await open();
    const { catalogue } = await store.openAgain('bridge');
    const { accountPauses } = store.catalogue;
    const now = store.clock.now();
    expect(await accountPauses.findPauseEnd('sc-one', 'omar')).toBeUndefined();
    await accountPauses.pauseAccount('sc-one', 'omar', now + 60_000);
    await catalogue.accountPauses.pauseAccount('sc-one', 'omar', now + 5_000);
    expect(await catalogue.accountPauses.findPauseEnd('sc-one', 'omar')).toBe(now + 60_000);
    expect(await accountPauses.findPauseEnd('sc-one', 'mris')).toBeUndefined();
    await accountPauses.pauseAccount('sc-one', 'omar', now + 90_000);
    store.clock.advance(89_999);
    expect(await accountPauses.findPauseEnd('sc-one', 'omar')).toBe(now + 90_000);
    store.clock.advance(1);
    expect(await accountPauses.findPauseEnd('sc-one', 'omar')).toBeUndefined();
    await store.expectSound();
  });
});
