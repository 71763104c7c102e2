import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMdefWriter } from '../../../../storage/formats/mdef/mdef-writer.ts';
import { mdefProfiles } from '../../../../storage/formats/mdef/profiles.ts';
import { fuzzed } from '../fuzz.ts';
import { scan } from '../scan.ts';
import { type Given, toGiven, write } from '../write.ts';

const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const reading = fc.oneof(
  fc.record({
    value: value.map(String),
    quality: fc.constantFrom('validated' as const, 'estimated' as const),
  }),
  fc.constant({ value: '', quality: 'missing' as const }),
);
const readings = fc.array(reading, { minLength: 60, maxLength: 60 });
const day = fc.integer({ min: 0, max: 20_000 });

/** Decimals that a float32 cannot hold are counted, and read back as its shortest. */
function toValues({ set, readings }: Given): unknown[] {
  const values = readings.map(({ value, quality }) =>
    quality === 'missing' ? '' : Math.fround(Number(value)) + 0,
  );
  return [set.unit, ...values];
}

describe('createMdefWriter, any sets', () => {
  it.each(mdefProfiles)('reads back what it writes, and writes what it reads: $name', ({ name, units }) => {
    const channels = fc.uniqueArray(
      fc.record({
        unit: fc.constantFrom(...new Set(units.map(({ unit }) => unit))),
        intervalMinutes: fc.constantFrom(1, 5, 15, 30, 60),
      }),
      { minLength: 1, maxLength: 3, selector: ({ unit }) => unit },
    );
    fc.assert(
      fc.property(channels, readings, day, (list, all, days) => {
        const given = list.map(({ unit, intervalMinutes }, index) => {
          const channel = { unit, intervalMinutes, channel: String(index + 1) };
          return toGiven(all.slice(0, 60 / intervalMinutes), channel, days * 86_400_000);
        });
        const first = write(createMdefWriter, name, given);
        const read = scan('mdef', first.file, name);
        expect(read.isRefused).toBe(false);
        const { rounded: _rounded, ...others } = first.losses;
        expect(others).toEqual({});
        expect(read.sets.map(toValues)).toEqual(given.map(toValues));
        const again = write(createMdefWriter, name, read.sets);
        expect(again.losses).toEqual({});
        expect(again.file.equals(first.file)).toBe(true);
        expect(scan('mdef', again.file, name)).toEqual(read);
      }),
      fuzzed(150),
    );
  });
});
