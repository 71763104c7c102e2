import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzed } from '../fuzz.ts';
import { type Scanned, scan, scanChunks, toChunks } from '../scan.ts';
import { type ChannelPlan, toMeterRecords, withTrailer } from './build-mdef.ts';

const profile = 'pacific-standard';
const floats = fc.float({ noNaN: true, noDefaultInfinity: true });
const statuses = fc.constantFrom([0, 0], [0, 0], [8, 0], [0, 64], [16, 3], [64, 0], [0, 2048]);
const layouts = fc.constantFrom<NonNullable<ChannelPlan['layout']>>('YY', 'NY', 'YN', 'NN');

/** One quarter hour and more, from the first of March 2020. */
const plan: fc.Arbitrary<ChannelPlan> = fc
  .tuple(fc.array(fc.tuple(floats, statuses), { minLength: 1, maxLength: 95 }), layouts)
  .map(([slots, layout]) => ({
    layout,
    start: '202003010001',
    stop: `20200301${String(Math.floor(slots.length / 4)).padStart(2, '0')}${String((slots.length % 4) * 15).padStart(2, '0')}`,
    values: slots.map(([value]) => value),
    statuses: Object.fromEntries(
      slots.map(([, [channel = 0, interval = 0]], index) => [index, [channel, interval]]),
    ),
  }));
const file = fc
  .array(fc.array(plan, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
  .map((meters) =>
    Buffer.concat(
      withTrailer(meters.flatMap((plans, index) => toMeterRecords(plans, 'N', `METER ${index}`))),
    ),
  );

/** What holds of any scan, whatever the bytes were. */
function checkWhole({ sets, summary, faults, isRefused }: Scanned): void {
  expect(summary.readingSets).toBe(sets.length);
  expect(isRefused).toBe(faults.some(({ level }) => level === 'error'));
  for (const { set, readings } of sets) {
    expect(readings).toHaveLength(set.readings);
    for (const { value, quality, endAt } of readings) {
      expect(quality === 'missing' ? value === '' : Number.isFinite(Number(value))).toBe(true);
      expect(endAt > set.periodStartAt && endAt <= set.periodEndAt).toBe(true);
    }
  }
}

/** What the file means: meters, units, instants and values, without where they stand. */
function toMeaning({ sets }: Scanned): string[] {
  return sets.map(({ set, readings }) => JSON.stringify([set.meter, set.unit, set.channel, readings]));
}

describe('createMdefScanner, any file', () => {
  it('gives the same for every way to cut the chunks, and means what was written', () => {
    fc.assert(
      fc.property(file, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (bytes, sizes) => {
        const whole = scan('mdef', bytes, profile);
        expect(whole.isRefused).toBe(false);
        checkWhole(whole);
        expect(scanChunks('mdef', toChunks(bytes, sizes), { profile })).toEqual(whole);
      }),
      fuzzed(300),
    );
  });

  it('survives bytes flipped: a fault, the same meaning or a legal other file', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(file, damage, (bytes, places) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of places) damaged[at % damaged.length] = value;
        const before = scan('mdef', bytes, profile);
        const after = scan('mdef', damaged, profile);
        checkWhole(after);
        // A legal other file has all its intervals: what is flipped is a value, a status or a text.
        if (!after.isRefused) expect(after.summary.readings).toBe(before.summary.readings);
      }),
      fuzzed(700),
    );
  });

  it('refuses a file with bytes cut out or put in, and makes no value up', () => {
    const places = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 600 }), fc.boolean());
    fc.assert(
      fc.property(file, places, (bytes, [place, length, isCut]) => {
        const at = place % bytes.length;
        const damaged = isCut
          ? Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
          : Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length, 0x20), bytes.subarray(at)]);
        const after = scan('mdef', damaged, profile);
        checkWhole(after);
        expect(after.isRefused).toBe(true);
        // What stood before the place is read as it was; a channel that was cut gives nothing.
        const before = toMeaning(scan('mdef', bytes, profile));
        if (length % 216 !== 0) for (const one of toMeaning(after)) expect(before).toContain(one);
      }),
      fuzzed(700),
    );
  });

  it('survives bytes that are nothing at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        const { isRefused, sets } = scan('mdef', bytes, profile);
        expect([isRefused, sets.length]).toEqual([true, 0]);
      }),
      fuzzed(300),
    );
  });
});
