import { expect, test } from 'vitest';
import { parseFileKey, toFileKey } from '../../storage/ports/file-store.ts';

const random = '0123456789abcdef0123456789abcdef';

test('a key is the day in UTC and what is random', () => {
  expect(toFileKey(Date.UTC(2026, 10, 20, 23, 59, 59, 999), random)).toBe(`20261120/${random}`);
  expect(toFileKey(Date.UTC(2026, 10, 21), random)).toBe(`20261121/${random}`);
});

test.each([`20261120/${random}`, `20261120/${random}.zstd`, `20261120/${random}.gzip`])('reads %s', (key) => {
  expect(parseFileKey(key)).toBe(key);
});

test.each([
  '',
  '20261120',
  `${random}`,
  `/20261120/${random}`,
  `20261120//${random}`,
  `20261120\\${random}`,
  `../20261120/${random}`,
  `20261120/../${random}`,
  '20261120/..',
  `20261120/${random}/..`,
  `20261120/${random}\0`,
  `20261120/${random}\n`,
  `\n20261120/${random}`,
  `20261120/${random}.part`,
  `20261120/${random}.zstd.gzip`,
  `20261120/${random}.dat`,
  `20261120/${random.toUpperCase()}`,
  '20261120/0123456789abcdef0123456',
  `20261120/${random.repeat(2)}0`,
  `2026112/${random}`,
  `20261120%2f${random}`,
  `２０２６１１２０/${random}`,
])('refuses %j', (key) => {
  expect(() => parseFileKey(key)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});
