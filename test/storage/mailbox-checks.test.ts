import { describe, expect, test } from 'vitest';
import { checkTable } from '../../storage/formats/checks/check-table.ts';
import { toMailboxChecks } from '../../storage/mailbox-checks.ts';

const box = (levels = {}, receivers: readonly string[] = []) => ({ levels, receivers });

describe('toMailboxChecks', () => {
  test('leaves the table’s levels and any receiver where no mailbox says anything', () => {
    const { levels, receivers } = toMailboxChecks([box(), box()]);
    const own = Object.entries(checkTable).map(([code, { level }]) => [code, level]);
    expect(levels).toEqual(Object.fromEntries(own));
    expect(receivers).toBeUndefined();
  });

  test.each([
    { levels: [{ C_GAP: 'note' }], expected: 'note' },
    { levels: [{ C_GAP: 'off' }], expected: 'off' },
    { levels: [{ C_GAP: 'off' }, {}], expected: 'warning' },
    { levels: [{ C_GAP: 'off' }, { C_GAP: 'note' }], expected: 'note' },
    { levels: [{ C_GAP: 'error' }, { C_GAP: 'off' }], expected: 'error' },
  ])('takes the strictest: $levels', ({ levels, expected }) => {
    expect(toMailboxChecks(levels.map((one) => box(one))).levels).toMatchObject({ C_GAP: expected });
  });

  test.each([
    { lists: [['1', '2'], []], expected: ['1', '2'] },
    {
      lists: [
        ['1', '2'],
        ['2', '3'],
      ],
      expected: ['2'],
    },
    { lists: [['1'], ['2']], expected: [] },
  ])('takes receivers known to all that name any: $lists', ({ lists, expected }) => {
    expect(toMailboxChecks(lists.map((list) => box({}, list))).receivers).toEqual(expected);
  });
});
