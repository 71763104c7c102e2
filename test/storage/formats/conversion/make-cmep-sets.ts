import fc from 'fast-check';
import type { Quality, Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import type { SetWithReadings } from './convert.ts';

const minuteMs = 60_000;
/** Midnight in California, the day before a day of 23 hours and before one of 25. */
const bases = [Date.UTC(2025, 2, 8, 8), Date.UTC(2025, 10, 1, 7)];

const value = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(99_999), fc.nat(999)).map(([a, b]) => `${a}.${String(b).padStart(3, '0')}`),
  },
  { weight: 1, arbitrary: fc.nat(999_999).map(String) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(9_999), fc.nat(99_999)).map(([a, b]) => `${a}.${String(b).padStart(5, '0')}`),
  },
  { weight: 1, arbitrary: fc.integer({ min: -500, max: -1 }).map((whole) => `${whole}.25`) },
);
const quality = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Quality>('validated') },
  { weight: 4, arbitrary: fc.constantFrom<Quality>('estimated', 'adjusted', 'raw', 'missing') },
);

/** One series of a meter: what it is, and its values from some instant on. */
const series = fc.record({
  unit: fc.constantFrom('KWH', 'GKWH', 'KVARH', 'GKVARH', 'KW', 'VOLTS', 'THERM'),
  intervalMinutes: fc.constantFrom(5, 15, 30, 60, 1_440),
  multiplier: fc.constantFrom('1', '1', '40', '0.001', '2.5'),
  /** Start, in minutes after the base: mostly on a bound of the interval. */
  start: fc.oneof(
    { weight: 9, arbitrary: fc.nat(5).map((days) => days * 1_440) },
    { weight: 1, arbitrary: fc.nat(3_000) },
  ),
  values: fc.array(fc.tuple(value, quality), { minLength: 1, maxLength: 120, size: '+1' }),
  purpose: fc.constantFrom('OK', 'OK', 'OK', 'RESEND', 'HISTORY'),
});

/** The registers of a meter's unit: an opening and a closing read. */
const register = fc.record({
  unit: fc.constantFrom('KWHREG', 'KVARHREG'),
  opening: fc.nat(500_000),
  rise: fc.nat(5_000),
  multiplier: fc.constantFrom('1', '40'),
});

const meter = fc.record({
  base: fc.constantFrom(...bases),
  name: fc.constantFrom('M', 'MTR-', 'X_'),
  account: fc.constantFrom('ACC', '10 ', ''),
  series: fc.uniqueArray(series, { selector: ({ unit }) => unit, minLength: 1, maxLength: 3 }),
  registers: fc.uniqueArray(register, { selector: ({ unit }) => unit, maxLength: 1 }),
});

/** A file's worth of reading sets as CMEP carries them, grouped by meter; every series has its instants once. */
export const cmepSets: fc.Arbitrary<readonly SetWithReadings[]> = fc
  .array(meter, { minLength: 1, maxLength: 4 })
  .map((meters) => meters.flatMap((one, index) => toMeterSets(one, index)));

type Meter = typeof meter extends fc.Arbitrary<infer Value> ? Value : never;

function toMeterSets(
  { base, name, account, series: all, registers }: Meter,
  index: number,
): SetWithReadings[] {
  const who = {
    meter: `${name}${index}`.toUpperCase(),
    account: account === '' ? '' : `${account.trim()}${index}`,
  };
  const intervals = all.map(({ unit, intervalMinutes, multiplier, start, values, purpose }) => {
    const readings = values.map(([text, one], at) => ({
      endAt: base + (start + (at + 1) * intervalMinutes) * minuteMs,
      value: one === 'missing' ? '' : text,
      quality: one,
    }));
    return toSet(
      { ...who, unit, intervalMinutes, multiplier, purpose, commodity: unit === 'THERM' ? 'G' : 'E' },
      readings,
    );
  });
  const reads = registers.map(({ unit, opening, rise, multiplier }) =>
    toSet({ ...who, unit, multiplier, measure: 'register', intervalMinutes: 0 }, [
      { endAt: base, value: String(opening), quality: 'validated' },
      { endAt: base + 30 * 1_440 * minuteMs, value: String(opening + rise), quality: 'validated' },
    ]),
  );
  return [...reads, ...intervals];
}

function toSet(change: Partial<ReadingSet>, readings: readonly Reading[]): SetWithReadings {
  const countOf = (wanted: Quality) => readings.filter((reading) => reading.quality === wanted).length;
  const intervalMinutes = change.intervalMinutes ?? 0;
  const set: ReadingSet = {
    line: 0,
    byteStart: 0,
    byteEnd: 0,
    sender: '123456789',
    receiver: '987654321',
    account: '',
    senderAccount: change.account ?? '',
    receiverAccount: '',
    sdp: '',
    meter: '',
    commodity: 'E',
    unit: 'KWH',
    channel: '',
    measure: 'interval',
    purpose: 'OK',
    multiplier: '1',
    intervalMinutes,
    periodStartAt: (readings[0]?.endAt ?? 0) - intervalMinutes * minuteMs,
    periodEndAt: readings.at(-1)?.endAt ?? 0,
    readings: readings.length,
    estimated: countOf('estimated'),
    adjusted: countOf('adjusted'),
    raw: countOf('raw'),
    missing: countOf('missing'),
    createdAt: (readings.at(-1)?.endAt ?? 0) + 60 * minuteMs,
    externalReference: '',
    correctsReference: '',
    reason: '',
    ...change,
  };
  return { set, readings };
}
