import { describe, expect, test } from 'vitest';
import { toRange } from '../../../server/mailbox/range.ts';

describe('toRange', () => {
  test.each([
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=10-', { start: 10, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    ['bytes=99-200', { start: 99, end: 100 }],
    ['BYTES=5-5', { start: 5, end: 6 }],
  ])('%s is one range of 100 bytes', (header, range) => {
    expect(toRange(header, 100)).toEqual(range);
  });

  test.each(['bytes=100-', 'bytes=500-600', 'bytes=-0'])('%s is not in 100 bytes', (header) => {
    expect(toRange(header, 100)).toBe('unsatisfiable');
  });

  test.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=9-3',
    'bytes=0-9,20-29',
    'lines=0-9',
    'bytes=a-b',
    'bytes=0x1-2',
    `bytes=${'9'.repeat(40)}-`,
  ])('%s asks for the whole', (header) => {
    expect(toRange(header, 100)).toBeUndefined();
  });

  test('nothing of an empty file can be asked for', () => {
    expect(toRange('bytes=-5', 0)).toBe('unsatisfiable');
    expect(toRange('bytes=0-', 0)).toBe('unsatisfiable');
  });
});
