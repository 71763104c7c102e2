import { describe, expect, test } from 'vitest';
import { type Series, toMedian, toSpread, toVerdict } from './result.ts';

const speed = (server: string, ...values: number[]): Series => ({
  server,
  metric: 'speed',
  unit: 'files/s',
  values,
});

test('medians and spreads', () => {
  expect(toMedian([9, 1, 5])).toBe(5);
  expect(toMedian([4, 1, 2, 9])).toBe(3);
  expect(toSpread([8, 10, 12])).toBeCloseTo(0.2);
});

describe('verdicts', () => {
  const target = { metric: 'speed', against: 'nginx', atLeast: 0.4, aim: 0.8 };
  test.each([
    [39, 'MISSED'],
    [41, 'met'],
    [80, 'aim met'],
  ])('ours at %d of 100 is %s', (ours, verdict) => {
    const series = [speed('nginx', 50, 100, 1000), speed('ours', ours)];
    expect(toVerdict(target, series)).toMatchObject({ value: ours / 100, verdict });
  });

  test('an upper bound, of a figure that stands for itself', () => {
    const atMost = { metric: 'speed', atMost: 50 };
    expect(toVerdict(atMost, [speed('ours', 50)]).verdict).toBe('met');
    expect(toVerdict(atMost, [speed('ours', 51)]).verdict).toBe('MISSED');
  });

  test('what was not measured is not met', () => {
    for (const series of [[], [speed('ours', 1)], [speed('nginx', 1)]]) {
      expect(toVerdict(target, series)).toMatchObject({ value: undefined, verdict: 'not measured' });
    }
  });
});
