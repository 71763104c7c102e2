import { expect } from 'vitest';
import type { TargetName } from '../../../../storage/formats/writers.ts';
import { countLeftOut, type Said, type SetWithReadings, sum, toSaid, writeAndRead } from './convert.ts';

/** What a format adds to what it is given: MDEF marks holes as missing, an 867 gives registers their totals. */
const adds: Readonly<Partial<Record<TargetName, (about: string, said: Said) => boolean>>> = {
  mdef: (_, { quality }) => quality === 'missing',
  'x12-867': (about) => about.includes(' total '),
};

export interface Way {
  readonly format: TargetName;
  readonly profile: string;
}

/**
 * Expects that the sets, which are as CMEP's reader gave them, come back from the format to CMEP with every value,
 * instant and quality, or with the difference counted as a loss; and gives the number that came back.
 */
export function expectKept(sets: readonly SetWithReadings[], by: Way, home: Way): number {
  const before = toSaid(sets);
  const middle = writeAndRead(sets, by.format, by.profile);
  if (middle.result.readings === 0) {
    expect(countLeftOut(middle.result.losses)).toBe(before.size);
    return 0;
  }
  expect(middle.faults.filter(({ level }) => level === 'error')).toEqual([]);
  const back = writeAndRead(middle.sets, home.format, home.profile);
  expect(back.faults.filter(({ level }) => level === 'error')).toEqual([]);

  const isAdded = adds[by.format] ?? (() => false);
  const after = new Map(
    [...toSaid(back.sets)].filter(
      ([about, said]) => before.get(about)?.quality === said.quality || !isAdded(about, said),
    ),
  );
  expect([...after.keys()].filter((about) => !before.has(about))).toEqual([]);
  const losses = [middle.result.losses, back.result.losses];
  expect(before.size - after.size).toBe(countLeftOut(...losses));
  const countOther = (key: keyof Said) =>
    [...after].filter(([about, said]) => before.get(about)?.[key] !== said[key]).length;
  expect(countOther('quantity')).toBe(sum(losses.map(({ rounded = 0 }) => rounded)));
  expect(countOther('quality')).toBe(sum(losses.map(({ flag = 0 }) => flag)));
  return after.size;
}
