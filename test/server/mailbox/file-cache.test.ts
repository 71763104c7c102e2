import { expect, test } from 'vitest';
import { FileCache, smallBytes } from '../../../server/mailbox/file-cache.ts';
import { type FileKey, toFileKey } from '../../../storage/ports/file-store.ts';

const toKey = (number: number): FileKey => toFileKey(0, number.toString(16).padStart(32, '0'));

test('gives back what was kept, and lets go of what was not asked for longest', () => {
  const cache = new FileCache();
  const whole = Buffer.alloc(smallBytes);
  for (let number = 0; number < 64; number++) cache.keep(toKey(number), whole);
  expect(cache.find(toKey(0))).toBe(whole);
  cache.keep(toKey(64), whole);
  expect(cache.find(toKey(0))).toBe(whole);
  expect(cache.find(toKey(1))).toBeUndefined();
  expect(cache.find(toKey(64))).toBe(whole);
});

test('keeps a file once', () => {
  const cache = new FileCache();
  const first = Buffer.from('first');
  cache.keep(toKey(1), first);
  cache.keep(toKey(1), Buffer.from('second'));
  expect(cache.find(toKey(1))).toBe(first);
});
