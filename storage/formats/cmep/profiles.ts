import { toInvalid } from '../../model/errors.ts';
import type { Quality } from '../format.ts';
import { isMaskSuffix, isTwoByteSuffix, noSuffix } from './fields/flag-suffix.ts';

/** How senders differ (CMEP facts, section 14). A dialect is one row of {@link cmepProfiles}. */
export interface CmepProfile {
  readonly name: string;
  readonly units: ReadonlySet<string>;
  /** Quality by flag letter; the empty flag is always `validated`. */
  readonly flags: Readonly<Record<string, Quality>>;
  /** Whether what follows the flag letter, `bytes[start, end)`, is right. */
  readonly isFlagSuffix: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly flagForm: string;
  /** Text fields that must not be empty, by number. */
  readonly required: readonly number[];
  /** Where the meter's identity stands: in field 8, or where the key in field 4 points (Sensus). */
  readonly identity: 'meter-id' | 'sensus-key';
  readonly labels: ReadonlySet<string>;
  readonly seasons: ReadonlySet<string>;
  /** Whether blanks at field borders are this sender's habit and not worth a warning. */
  readonly allowsPadding: boolean;
  /** Whether the last line may lack its line end. */
  readonly allowsOpenEnd: boolean;
}

/** The 27 units of the protocol. */
const protocolUnits =
  'KWHREG KVAHREG KVARHREG GASREG PULSE KW KVA KVAR KWH KVAH KVARH GKW GKVA GKVAR GKWH GKVAH GKVARH VOLTS BTU THERM GAL CF CCF MCF ACFT LBS $'.split(
    ' ',
  );

/** Sensus: net (N) and sum (S) beside received (G), corrected gas, times; and `<unit>REG` of every unit. */
const sensusUnits = [
  ...protocolUnits.filter((unit) => !unit.endsWith('REG')),
  ...'NKWH NKVAH NKVARH SKWH SKVAH SKVARH CCFC'.split(' '),
];

const protocolFlags = { E: 'estimated', A: 'adjusted', N: 'missing', R: 'raw' } as const;
const protocolLabels = 'ON-PEAK OFF-PEAK PART-PEAK PEAK-2 PEAK-3 PEAK-4 TOTAL'.split(' ');

const strict: CmepProfile = {
  name: 'strict',
  units: new Set(protocolUnits),
  flags: protocolFlags,
  isFlagSuffix: noSuffix,
  flagForm: 'empty, E, A, N or R',
  required: [3, 5, 8],
  identity: 'meter-id',
  labels: new Set(protocolLabels),
  seasons: new Set(['', 'S', 'W']),
  allowsPadding: false,
  allowsOpenEnd: false,
};

const sensusRni: CmepProfile = {
  ...strict,
  name: 'sensus-rni',
  units: new Set([...sensusUnits, ...sensusUnits.map((unit) => `${unit}REG`), 'GASREG', 'TIME']),
  // D is computed from registers, M adjusted and computed: neither is a measured interval.
  flags: { ...protocolFlags, D: 'estimated', M: 'adjusted' },
  isFlagSuffix: isMaskSuffix,
  flagForm: 'empty, or one of E A N R D M and a decimal mask up to 4294967295',
  required: [3],
  identity: 'sensus-key',
  labels: new Set([...protocolLabels, ...'RATE_A RATE_B RATE_C RATE_D RATE_E RATE_F'.split(' ')]),
  // The season field is their "TOU data type": current, self read, demand reset, last season, tier change.
  seasons: new Set(['', 'S', 'W', '0', '1', '2', '3', '4']),
  allowsOpenEnd: true,
};

const smartsynch: CmepProfile = {
  ...strict,
  name: 'smartsynch',
  isFlagSuffix: isTwoByteSuffix,
  flagForm: 'empty, or one of E A N R, also followed by two bytes (R 00 00)',
  allowsPadding: true,
};

export const cmepProfiles: readonly CmepProfile[] = [strict, sensusRni, smartsynch];

/** @throws `invalid-request` naming the profiles there are */
export function getCmepProfile(name: string): CmepProfile {
  const profile = cmepProfiles.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    const expected = cmepProfiles.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot scan CMEP', { at: 'profile', value: name, expected });
  }
  return profile;
}

/** What belongs to a commodity, `REG` taken off; `$`, `PULSE` and `TIME` belong to all. */
const commodityUnits: Readonly<Record<string, RegExp>> = {
  E: /^([GNS]?K(W|VA|VAR)H?|VOLTS)$/,
  G: /^(GAS|BTU|THERM|CF|CCF|CCFC|MCF)$/,
  W: /^(GAL|CF|CCF|MCF|ACFT)$/,
  S: /^(LBS|BTU|THERM)$/,
};

export function isUnitOfCommodity(unit: string, commodity: string): boolean {
  const base = unit.replace(/REG$/, '');
  return ['$', 'PULSE', 'TIME'].includes(base) || commodityUnits[commodity]?.test(base) === true;
}

/** Register units are cumulative reads; all others are values of an interval. */
export function isRegisterUnit(unit: string): boolean {
  return unit.endsWith('REG');
}
