import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzed } from '../fuzz.ts';
import { writeAndRead } from './convert.ts';
import { expectKept, type Way } from './expect-kept.ts';
import { cmepSets } from './make-cmep-sets.ts';
import { touSets } from './make-tou-sets.ts';

const home: Way = { format: 'cmep', profile: 'strict' };
const ways: readonly Way[] = [
  { format: 'x12-867', profile: 'california' },
  { format: 'mdef', profile: 'pacific-standard' },
  { format: 'omar-csv', profile: 'gmt' },
  { format: 'omar-csv', profile: 'pacific-standard' },
  { format: 'cmep', profile: 'sensus-rni' },
  { format: 'cmep', profile: 'smartsynch' },
];

describe('CMEP to another format and back', () => {
  it.each(ways)('$format ($profile) keeps every value, instant and quality, or counts it as lost', (by) => {
    let kept = 0;
    fc.assert(
      fc.property(cmepSets, (sets) => {
        const source = writeAndRead(sets, home.format, home.profile);
        expect(source.isRefused).toBe(false);
        kept += expectKept(source.sets, by, home);
      }),
      fuzzed(100),
    );
    expect(kept).toBeGreaterThan(500);
  });
});

describe('X12 867 with registers of times of use to CMEP and back', () => {
  const usage: Way = { format: 'x12-867', profile: 'california' };
  it.each([home, ...ways.filter(({ format }) => format === 'cmep')])(
    '$profile keeps every value, instant and quality, or counts it as lost',
    (by) => {
      let kept = 0;
      fc.assert(
        fc.property(touSets, (sets) => {
          const source = writeAndRead(sets, usage.format, usage.profile);
          expect(source.result.losses).toEqual({});
          kept += expectKept(source.sets, by, usage);
        }),
        fuzzed(100),
      );
      expect(kept).toBeGreaterThan(500);
    },
  );
});
