import { expect, test } from 'vitest';
import { type Figures, toMeasured, toVerdict } from './figures.ts';

const run = (seconds: number, peakMegabytes = 90): Figures => ({
  megabytes: 600,
  records: 1_200,
  seconds,
  cpuSeconds: seconds / 2,
  peakMegabytes,
});

test('a subject is its median, and its highest memory', () => {
  expect(toMeasured('ours', [run(3), run(2, 140), run(1)])).toEqual({
    subject: 'ours',
    speed: 300,
    speedOfCpu: 600,
    recordsPerSecond: 600,
    peakMegabytes: 140,
  });
});

test('a target is met, missed or not measured, and says what was reached', () => {
  const all = [toMeasured('ours', [run(2)]), toMeasured('peer', [run(4)])];
  expect(toVerdict({ kind: 'speed', atLeast: 300 }, all)).toBe('met: 300 MB/s, wanted 300');
  expect(toVerdict({ kind: 'speed', atLeast: 301 }, all)).toBe('MISSED: 300 MB/s, wanted 301');
  expect(toVerdict({ kind: 'memory', atMost: 89 }, all)).toBe('MISSED: 90 MB at most, wanted 89');
  expect(toVerdict({ kind: 'ratio', against: 'peer', atLeast: 2 }, all)).toBe('met: 2.00 × peer, wanted 2');
  expect(toVerdict({ kind: 'ratio', against: 'other', atLeast: 2 }, all)).toBe('not measured: other');
});
