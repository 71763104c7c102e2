import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzed } from '../fuzz.ts';
import { scan } from '../scan.ts';
import { type Given, startAt, toInterval, toRegister, toTotal, write } from './write.ts';

const value = fc
  .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 5 }))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(places));
const flagged = fc
  .tuple(fc.constantFrom('', '', '', 'E', 'A', 'N', 'R'), value)
  .map(([flag, text]) => (flag === 'N' ? 'N' : flag + text));

const interval = fc
  .record({
    meter: fc.constantFrom('M1', 'M2'),
    unit: fc.constantFrom('KWH', 'GKWH', 'KVARH', 'KW'),
    minutes: fc.constantFrom(5, 15, 30, 60),
    multiplier: fc.constantFrom('1', '1', '40', '0.5', '1.0'),
    // Around the change of clocks in autumn and spring, and on any day.
    at: fc.constantFrom(
      startAt,
      Date.UTC(2025, 10, 2, 7),
      Date.UTC(2025, 10, 2, 8, 15),
      Date.UTC(2025, 2, 9, 8),
    ),
    offset: fc.integer({ min: 0, max: 200 }),
    values: fc.array(flagged, { minLength: 1, maxLength: 48 }),
    channel: fc.constantFrom('', '1', '2'),
  })
  .map(({ meter, unit, minutes, multiplier, at, offset, values, channel }) =>
    toInterval(values, {
      meter,
      unit,
      intervalMinutes: minutes,
      multiplier,
      channel,
      periodStartAt: at + offset * 900_000,
    }),
  );

const periods = [
  { periodStartAt: Date.UTC(2025, 9, 1, 7), periodEndAt: Date.UTC(2025, 10, 1, 7) },
  { periodStartAt: Date.UTC(2025, 10, 1, 7), periodEndAt: Date.UTC(2025, 11, 1, 8) },
];
const cumulative = fc
  .record({
    period: fc.constantFrom(...periods),
    meter: fc.constantFrom('M3', 'M4', 'UNMETERED'),
    total: fc.tuple(fc.constantFrom('', 'E', 'A'), value).map(([flag, text]) => flag + text),
    onPeak: fc.option(value),
    reads: fc.option(fc.tuple(value, value)),
    isEstimated: fc.boolean(),
  })
  .map(({ period, meter, total, onPeak, reads, isEstimated }) => {
    const own = { ...period, meter };
    const isMetered = meter !== 'UNMETERED';
    const given = [toTotal(isMetered ? total : total.replace('E', ''), own)];
    // What of a loop is not adjusted, or estimated by one read alone, is a known loss of flags; here all can be carried.
    if (onPeak !== null && !total.startsWith('A'))
      given.push(toTotal(onPeak, { ...own, channel: 'ON-PEAK' }));
    const flag = total.startsWith('E') && isEstimated ? 'E' : '';
    if (reads !== null && isMetered)
      given.push(toRegister([reads[0], flag + reads[1]], { ...own, multiplier: '2' }));
    return given;
  });

const accounts = fc.array(
  fc.record({
    account: fc.constantFrom('A1', 'A2', 'A3'),
    groups: fc.array(
      fc.oneof(
        interval.map((one) => [one]),
        cumulative,
      ),
      { minLength: 1, maxLength: 4 },
    ),
    receiver: fc.constantFrom('222222222', 'ESP-TWO'),
  }),
  { minLength: 1, maxLength: 3 },
);
const given = accounts.map((list) =>
  list.flatMap(({ account, groups, receiver }) =>
    groups
      .flat()
      .map(({ set, readings }) => ({ set: { ...set, account, senderAccount: account, receiver }, readings })),
  ),
);

/** Every reading with all that says what it is; those that an 867 does not carry left out. */
function toLines(sets: readonly Given[]): string[] {
  return sets.flatMap(({ set, readings }) =>
    readings
      .filter(({ quality }) => quality !== 'raw' && quality !== 'missing')
      .map(({ endAt, value: text, quality }) =>
        [
          set.sender,
          set.receiver,
          set.account,
          set.meter,
          set.unit,
          set.channel,
          set.measure,
          set.multiplier,
          set.intervalMinutes,
          endAt,
          text,
          quality,
        ].join(' '),
      ),
  );
}

describe('createX12Writer, any reading sets', () => {
  it('keeps every value, instant and quality that an 867 carries, and counts the rest', () => {
    fc.assert(
      fc.property(given, (sets) => {
        const written = write(sets);
        const back = scan('x12-867', written.bytesWritten, 'california');
        const wrong = back.faults.filter(({ code, level }) => level === 'error' && code !== 'E_EMPTY');
        expect(wrong).toEqual([]);
        const all = sets.reduce((sum, { readings }) => sum + readings.length, 0);
        const { overlap = 0, raw = 0, missing = 0, flag = 0, ...others } = written.losses;
        expect(others).toEqual({});
        expect(written.readings + overlap + raw + missing).toBe(all);
        // Two totals of one loop, one adjusted: then both are, and it is counted.
        const strip = (line: string) => (flag === 0 ? line : line.replace(/ \w+$/, ''));
        const expected = toLines(sets).map(strip);
        const found = toLines(back.sets).map(strip);
        // A loop without a total row gets none here: every period has its total.
        expect(found.length).toBe(written.readings);
        const counts = new Map<string, number>();
        for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
        for (const line of found) {
          expect(counts.get(line) ?? 0, line).toBeGreaterThan(0);
          counts.set(line, (counts.get(line) ?? 0) - 1);
        }
      }),
      fuzzed(600),
    );
  });

  it('is canonical: what it wrote and is read back gives the same bytes', () => {
    fc.assert(
      fc.property(given, (sets) => {
        const once = write(sets);
        // Where a flag was lost, another one is read back.
        fc.pre(once.losses.flag === undefined);
        const read = scan('x12-867', once.bytesWritten, 'california').sets;
        const twice = write(read);
        expect(twice.text).toBe(once.text);
        expect(twice.losses).toEqual({});
      }),
      fuzzed(400),
    );
  });
});
