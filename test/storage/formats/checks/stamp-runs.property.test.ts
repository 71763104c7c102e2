import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRun, type StampRun } from '../../../../storage/formats/checks/stamp-runs.ts';
import { fuzzed } from '../fuzz.ts';
import { toStamps } from './to-stamps.ts';

const place = { line: 1, byteStart: 0 };

function expectSorted(runs: readonly StampRun[]): void {
  for (const [index, run] of runs.entries()) {
    expect(run.start).toBeLessThan(run.first);
    expect(run.first).toBeLessThanOrEqual(run.last);
    if (index > 0) expect(run.start).toBeGreaterThanOrEqual((runs[index - 1] as StampRun).last);
  }
}

/** First stamp, and how many follow it a step apart. */
const blocks = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 8 })), {
  minLength: 1,
  maxLength: 20,
});

describe('addRun, any runs', () => {
  it.each([
    { kind: 'intervals of one length', areInstants: false, grids: [15] },
    { kind: 'instants at any distance', areInstants: true, grids: [1, 3, 15, 60] },
  ])('knows exactly which stamps were there, of $kind in any order', ({ areInstants, grids }) => {
    fc.assert(
      fc.property(
        blocks,
        fc.array(fc.constantFrom(...grids), { minLength: 20, maxLength: 20 }),
        (plan, steps) => {
          const runs: StampRun[] = [];
          const seen = new Set<number>();
          for (const [index, [at, count]] of plan.entries()) {
            const distance = steps[index] as number;
            const first = areInstants ? at : 15 * at;
            const stamps = Array.from({ length: count }, (_, offset) => first + offset * distance);
            const last = stamps.at(-1) as number;
            const step = areInstants && count === 1 ? 0 : distance;
            const start = first - (areInstants ? 1 : distance);
            const clash = addRun(runs, { start, first, last, step, ...place }, areInstants);
            const repeated = stamps.filter((stamp) => seen.has(stamp));
            expect(clash.repeats).toBe(repeated.length);
            expect(clash.firstRepeat).toBe(repeated[0] ?? Number.NaN);
            for (const stamp of stamps) seen.add(stamp);
            expect(toStamps(runs)).toEqual([...seen].sort((a, b) => a - b));
            expectSorted(runs);
          }
        },
      ),
      fuzzed(400),
    );
  });
});
