import { describe, expect, it } from 'vitest';
import { AccountTally, maxDistinctAccounts } from '../../../storage/formats/account-tally.ts';
import { toRecord } from './cmep/records.ts';
import { scanChunks, toBytes } from './scan.ts';

describe('AccountTally', () => {
  it('knows an account that comes back, while there is room', () => {
    const tally = new AccountTally();
    for (const [account, isEstimated] of [
      ['A', false],
      ['B', true],
      ['A', true],
      ['B', false],
    ] as const)
      tally.add(account, isEstimated);
    expect(tally).toMatchObject({ accounts: 2, estimatedAccounts: 2, isCapped: false });
  });

  it('goes on counting past its memory, exactly while the sets of an account follow each other', () => {
    const tally = new AccountTally();
    for (let i = 0; i < maxDistinctAccounts; i++) tally.add(`A${i}`, false);
    expect(tally.isCapped).toBe(false);
    for (let i = 0; i < 10; i++) {
      tally.add(`B${i}`, false);
      tally.add(`B${i}`, i < 5);
      tally.add(`B${i}`, false);
      // Remembered from before.
      tally.add('A1', true);
    }
    expect(tally).toMatchObject({
      accounts: maxDistinctAccounts + 10,
      estimatedAccounts: 6,
      isCapped: true,
    });
  });
});

describe('the estimated share of a file of very many accounts', () => {
  it('is that of all of them, and a note says what it is', () => {
    const all = maxDistinctAccounts + 10_000;
    function* chunks() {
      for (let i = 0; i < all; i++) {
        const flag = i < maxDistinctAccounts ? '' : 'E';
        const head = { 4: `A${i}`, 6: '', 8: `M${i}`, 14: '1' };
        yield toBytes(toRecord(head, `199804010900,${flag},1`));
      }
    }
    const { summary, faults } = scanChunks('cmep', chunks(), {
      profile: 'strict',
      onReadingSet: () => undefined,
    });
    expect(summary).toMatchObject({ accounts: all, estimatedAccounts: 10_000 });
    const messageOf = (code: string) =>
      faults.filter((fault) => fault.code === code).map(({ message }) => message);
    expect(messageOf('C_ESTIMATED_SHARE')).toEqual([expect.stringMatching(/^16.7 % of the accounts/)]);
    expect(messageOf('C_ACCOUNT_CAP')).toEqual([expect.stringMatching(/10000 of 60000 accounts .*16.7 %/)]);
  });
});
