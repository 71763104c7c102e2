import { describe, expect, it } from 'vitest';
import { addRun, type StampRun } from '../../../../storage/formats/checks/stamp-runs.ts';
import { toStamps } from './to-stamps.ts';

const place = { line: 1, byteStart: 0 };

describe('addRun', () => {
  it('keeps a month of quarter hours, in any order of its records, as one run', () => {
    const records = Array.from({ length: 62 }, (_, index) => index).sort(
      (a, b) => ((a * 37) % 62) - ((b * 37) % 62),
    );
    const runs: StampRun[] = [];
    for (const record of records) {
      const start = record * 48 * 15;
      addRun(runs, { start, first: start + 15, last: start + 48 * 15, step: 15, ...place }, false);
    }
    expect(runs).toEqual([{ start: 0, first: 15, last: 31 * 1_440, step: 15, ...place }]);
  });

  it('only looks where there is no room', () => {
    const runs: StampRun[] = [{ start: 0, first: 15, last: 60, step: 15, ...place }];
    const more: StampRun = { start: 45, first: 60, last: 90, step: 15, ...place };
    expect(addRun(runs, more, false, false)).toEqual({ repeats: 1, firstRepeat: 60, isOverlap: true });
    expect(toStamps(runs)).toEqual([15, 30, 45, 60]);
  });
});
