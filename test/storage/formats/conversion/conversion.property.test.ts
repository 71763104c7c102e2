import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetName } from '../../../../storage/formats/writers.ts';
import { countLeftOut, firstProfile, type Said, toSaid, writeAndRead } from './convert.ts';
import { cmepSets } from './make-cmep-sets.ts';

/** Formats in the middle, and what they may add: MDEF marks what is missing in a period, an 867 gives registers totals. */
const formats: readonly {
  format: TargetName;
  profile?: string;
  mayAdd: (about: string, said: Said) => boolean;
}[] = [
  { format: 'cmep', mayAdd: () => false },
  { format: 'x12-867', mayAdd: (about) => about.includes(' total ') },
  { format: 'mdef', mayAdd: (_, { quality }) => quality === 'missing' },
  { format: 'omar-csv', mayAdd: () => false },
  { format: 'omar-csv', profile: 'pacific-standard', mayAdd: () => false },
];

describe('CMEP to another format and back', () => {
  it.each(formats)(
    '$format $profile keeps every value, instant and quality, or counts it as lost',
    ({ format, profile = firstProfile(format), mayAdd }) => {
      fc.assert(
        fc.property(cmepSets, (sets) => {
          const source = writeAndRead(sets, 'cmep', 'strict');
          expect(source.isRefused).toBe(false);
          const middle = writeAndRead(source.sets, format, profile);
          if (middle.result.readings === 0) {
            expect(countLeftOut(middle.result.losses)).toBe(source.summary.readings);
            return;
          }
          expect(middle.faults.filter(({ level }) => level === 'error')).toEqual([]);
          const back = writeAndRead(middle.sets, 'cmep', 'strict');
          expect(back.faults.filter(({ level }) => level === 'error')).toEqual([]);

          const before = toSaid(source.sets);
          const after = toSaid(back.sets);
          const kept = [...before].filter(([about]) => after.has(about));
          const added = [...after].filter(([about]) => !before.has(about));
          expect(added.filter(([about, said]) => !mayAdd(about, said))).toEqual([]);
          const lost = [middle.result.losses, back.result.losses];
          expect(before.size - kept.length).toBe(countLeftOut(...lost));
          const count = (isOther: (a: Said, b: Said) => boolean) =>
            kept.filter(([about, said]) => isOther(said, after.get(about) as Said)).length;
          expect(count((a, b) => a.quantity !== b.quantity)).toBe(countOf('rounded'));
          expect(count((a, b) => a.quality !== b.quality)).toBe(countOf('flag'));

          function countOf(reason: 'rounded' | 'flag'): number {
            return lost.reduce((total, losses) => total + (losses[reason] ?? 0), 0);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});
