import { expect, it } from 'vitest';
import { isCovered } from '../../../storage/model/coverage.ts';

it.each([
  [[{ start: 0, end: 10 }], true],
  [
    [
      { start: 5, end: 10 },
      { start: 0, end: 5 },
    ],
    true,
  ],
  [
    [
      { start: 0, end: 6 },
      { start: 4, end: 12 },
    ],
    true,
  ],
  [
    [
      { start: 0, end: 5 },
      { start: 6, end: 10 },
    ],
    false,
  ],
  [[{ start: 1, end: 10 }], false],
  [[{ start: 0, end: 9 }], false],
  [[], false],
])('%j holds all of 10 bytes: %s', (ranges, expected) => {
  expect(isCovered(ranges, 10)).toBe(expected);
});

it('an empty file needs nothing', () => expect(isCovered([], 0)).toBe(true));
