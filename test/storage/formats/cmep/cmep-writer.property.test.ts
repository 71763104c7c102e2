import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveIdentity } from '../../../../storage/formats/cmep/identity.ts';
import { cmepProfiles, getCmepProfile } from '../../../../storage/formats/cmep/profiles.ts';
import type { Reading } from '../../../../storage/formats/format.ts';
import { fuzzed } from '../fuzz.ts';
import { scan, toBytes } from '../scan.ts';
import { qualitiesOf, type SetWithReadings, toContent, toSet, write } from './make-sets.ts';

const minute = 60_000;
/** Before and in the repeated hour of autumn 2006, before spring 2006, and a usual day. */
const starts = [
  '2006-10-28T14:15',
  '2006-10-29T08:00',
  '2006-10-29T08:45',
  '2006-04-01T20:00',
  '1998-06-30T07:00',
];
const profiles = [
  ...cmepProfiles.map(({ name }) => name),
  'strict:write-crc16:crc-xmodem',
  'strict:write-first-stamp:write-empty',
  'strict:local-stamps:local-created:lenient',
  'sensus-rni:write-zero-for-none:write-crc16',
  'nisc-dcsi:a-adjusted:write-first-stamp',
  'yukon:local-stamps',
  'strict:tab',
  'schneider:tab:write-crc16',
];

const text = fc.constantFrom('', 'A-1', 'ACME, INC', ' x', 'y ', '1234567', "O'Neil #5");
const value = fc.oneof(
  fc.tuple(fc.integer({ min: -99_999, max: 99_999_999 }), fc.nat(4)).map(([digits, places]) => {
    const padded = String(Math.abs(digits)).padStart(places + 1, '0');
    const whole = padded.slice(0, padded.length - places);
    return `${digits < 0 ? '-' : ''}${whole}${places === 0 ? '' : `.${padded.slice(-places)}`}`;
  }),
  fc.constantFrom('0', '0.50', '007', '1234567890.12345', '9999999999999999', '-0'),
);

/** Readings that rise evenly, with some left out. */
function readingsOf(profile: string, step: number, most: number): fc.Arbitrary<Reading[]> {
  const quality = fc.constantFrom(...qualitiesOf(profile));
  const one = fc.record({ isThere: fc.boolean(), quality, value });
  return fc
    .tuple(fc.constantFrom(...starts), fc.array(one, { minLength: 1, maxLength: most }))
    .map(([start, list]) =>
      list
        .map(({ quality, value, isThere }, i) => ({
          isThere: isThere || i % 3 !== 0,
          endAt: Date.parse(`${start}Z`) + i * step * minute,
          quality,
          value: quality === 'missing' ? '' : value,
        }))
        .filter(({ isThere }, i) => isThere || i === 0)
        .map(({ endAt, quality, value }) => ({ endAt, value, quality })),
    );
}

/** Where the meter stands, in every way that the profile has. */
const identityOf = (profile: string) => {
  const { identity } = getCmepProfile(profile);
  const plain = fc.record({
    account: text,
    receiver: fc.constantFrom('R1', 'R, 2'),
    receiverAccount: text,
    meter: fc.constantFrom('M1', 'M, 2'),
  });
  const keyed = fc.record({
    account: fc.constantFrom('SPS:130000', 'STAHO:133000', 'U:034000', 'U:530000', 'U:003000'),
    receiver: fc.constantFrom('17', ''),
    receiverAccount: fc.constantFrom('B72'),
    meter: fc.constantFrom('B72', '4'),
  });
  const fields = identity === 'sensus-key' ? fc.oneof(plain, keyed) : plain;
  return (
    fields
      .map((given) => ({ given, found: resolveIdentity(given, getCmepProfile(profile)) }))
      // A key that has a place for nothing leaves the field empty, and the other way round.
      .map(({ given, found }) => ({
        ...found,
        senderAccount: given.account,
        receiverField: given.receiver,
        receiverAccount: given.receiverAccount,
      }))
      .filter(({ meter }) => meter !== '')
  );
};

const setOf = (profile: string): fc.Arbitrary<SetWithReadings[]> => {
  const common = fc.record({
    multiplier: fc.constantFrom('1', '40', '0.25', '1.0'),
    purpose: fc.constantFrom('OK', 'RESEND', 'HISTORY'),
    identity: identityOf(profile),
  });
  const interval = fc
    .constantFrom(5, 15, 60, 90)
    .chain((intervalMinutes) =>
      fc
        .tuple(common, readingsOf(profile, intervalMinutes, 48))
        .map(([{ identity, ...rest }, readings]) => [
          toSet({ ...rest, ...identity, intervalMinutes }, readings),
        ]),
    );
  const register = fc
    .tuple(common, readingsOf(profile, 1_440, 3))
    .map(([{ identity, ...rest }, readings]) => [
      toSet({ ...rest, ...identity, measure: 'register', unit: 'KWHREG' }, readings),
    ]);
  const total = fc
    .tuple(
      common,
      fc.constantFrom('', 'S:', 'W:'),
      fc.subarray(['ON-PEAK', 'PEAK-2', 'TOTAL'], { minLength: 1 }),
      fc.constantFrom(...qualitiesOf(profile)),
      value,
    )
    .map(([{ identity, ...rest }, season, labels, quality, number]) =>
      labels.map((label) =>
        toSet(
          {
            ...rest,
            ...identity,
            measure: 'total',
            channel: `${season}${label}`,
            periodStartAt: Date.UTC(1998, 2, 1, 8),
          },
          [{ endAt: Date.UTC(1998, 3, 1, 8), value: quality === 'missing' ? '' : number, quality }],
        ),
      ),
    );
  return fc.oneof(interval, register, total);
};

const key = ({ set }: SetWithReadings) => JSON.stringify([set.account, set.sdp, set.meter]);
/** Every reading with all that its set says, whichever record it stands in. */
function toReadings(sets: readonly SetWithReadings[]): string[] {
  return sets
    .flatMap((one) => {
      const {
        readings,
        periodStartAt: _start,
        periodEndAt: _end,
        estimated: _e,
        adjusted: _a,
        raw: _r,
        missing: _m,
        ...rest
      } = toContent(one);
      return readings.map((reading) => JSON.stringify([rest, reading]));
    })
    .sort();
}

describe('createCmepWriter, any sets', () => {
  it.each(profiles)('is read back as it was written, and written as it was read: %s', (profile) => {
    const groups = fc
      .array(setOf(profile), { minLength: 1, maxLength: 4 })
      .map((lists) => lists.flat().toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)));
    fc.assert(
      fc.property(groups, (sets) => {
        const { losses, text, readings, bytes } = write(sets, { profile });
        const { repeated = 0, ...others } = losses;
        expect(others).toEqual({});
        expect(bytes).toBe(text.length);
        const back = scan('cmep', toBytes(text), profile);
        expect(Object.keys(back.faultCounts).filter((code) => code.startsWith('E_'))).toEqual([]);
        const [given, found] = [toReadings(sets), toReadings(back.sets)];
        expect(found).toHaveLength(readings);
        expect(given.length - found.length).toBe(repeated);
        expect(repeated === 0 || profile.includes('local')).toBe(true);
        const all = new Set(given);
        expect(found.filter((one) => !all.has(one))).toEqual([]);
        expect(write(back.sets, { profile }).text).toBe(text);
        for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(2_046);
      }),
      fuzzed(140),
    );
  });

  it('gives whole sets back where a record holds them', () => {
    fc.assert(
      fc.property(setOf('strict'), (sets) => {
        const back = scan('cmep', toBytes(write(sets).text), 'strict');
        expect(back.sets.map(toContent)).toEqual(sets.map(toContent));
      }),
      fuzzed(200),
    );
  });
});
