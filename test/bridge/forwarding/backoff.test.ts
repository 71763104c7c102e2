import { expect, test } from 'vitest';
import { toBackoffMs, toFollowDelayMs } from '../../../bridge/forwarding/backoff.ts';

const settings = { firstMs: 1_000, maxMs: 60_000 };

test('toBackoffMs doubles up to the last delay and stays there', () => {
  const delays = [1, 2, 3, 6, 7, 8, 2_000].map((failures) => toBackoffMs(failures, settings, 0));
  expect(delays).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
});

test('toBackoffMs takes off up to half of it', () => {
  expect(toBackoffMs(3, settings, 0.999_999)).toBe(2_000);
  expect(toBackoffMs(3, settings, 0.5)).toBe(3_000);
});

test('toFollowDelayMs gives the delays in turn, then the last for ever', () => {
  expect([0, 1, 2, 3, 100].map((polls) => toFollowDelayMs(polls, [1, 2, 5]))).toEqual([1, 2, 5, 5, 5]);
});
