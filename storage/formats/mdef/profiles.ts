import { toInvalid } from '../../model/errors.ts';

/** What an MDEF file does not say itself. */
export interface MdefProfile {
  readonly name: string;
  /** Offset of the times from UTC, the same all year (DST flag N). */
  readonly utcOffsetMinutes: number;
  /** Zone of the times when the DST flag is Y. */
  readonly prevailingZone: string;
  /** Unit by unit code, for channels without a label; unit tables are set for each site. */
  readonly units: Readonly<Record<string, string>>;
}

export const mdefProfiles: readonly MdefProfile[] = [
  {
    name: 'pacific-standard',
    utcOffsetMinutes: -480,
    prevailingZone: 'America/Los_Angeles',
    units: { '01': 'KWH', '02': 'KW', '03': 'KVARH', '04': 'KVAR' },
  },
];

/** @throws `invalid-request` naming the profiles there are */
export function getMdefProfile(name: string): MdefProfile {
  const profile = mdefProfiles.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    const expected = mdefProfiles.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot scan MDEF', { at: 'profile', value: name, expected });
  }
  return profile;
}
