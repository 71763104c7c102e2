import { expect, test } from 'vitest';
import { toIsoWords } from '../../../../bridge/forwarding/mris/to-iso-words.ts';

const toEnds = (count: number, from = 0) => Array.from({ length: count }, (_, at) => (from + at) * 900_000);

test('what a log says of intervals stands with each; of a resource or a batch once', () => {
  expect(
    toIsoWords([
      { message: 'late', resourceId: 'R_1', intervalEndsAt: [900_000, 1_800_000] },
      { message: 'unknown', resourceId: 'R_2', intervalEndsAt: [] },
      { message: 'rejected', intervalEndsAt: [] },
    ]),
  ).toEqual([
    { words: 'late', resourceId: 'R_1', occurrences: 1, intervalEndAt: 900_000 },
    { words: 'late', resourceId: 'R_1', occurrences: 1, intervalEndAt: 1_800_000 },
    { words: 'unknown', resourceId: 'R_2', occurrences: 1 },
    { words: 'rejected', occurrences: 1 },
  ]);
});

test('past 1,000 of a whole batch the rest is counted by words and resource, and none is lost', () => {
  const logs = [
    { message: 'late', resourceId: 'R_1', intervalEndsAt: toEnds(900) },
    { message: 'late', resourceId: 'R_2', intervalEndsAt: toEnds(600) },
    ...toEnds(3_000).map((end) => ({ message: 'high', resourceId: 'R_3', intervalEndsAt: [end] })),
    { message: 'late', resourceId: 'R_2', intervalEndsAt: toEnds(300, 600) },
    { message: 'rejected', intervalEndsAt: [] },
  ];
  const words = toIsoWords(logs);
  expect(words.slice(1_000)).toEqual([
    { words: 'late', resourceId: 'R_2', occurrences: 800 },
    { words: 'high', resourceId: 'R_3', occurrences: 3_000 },
    { words: 'rejected', occurrences: 1 },
  ]);
  expect(words.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(900 + 600 + 3_000 + 300 + 1);
});
