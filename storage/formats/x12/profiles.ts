import { toInvalid } from '../../model/errors.ts';
import { touCodes } from './codes.ts';

/** How partners differ; what all share stands in `codes.ts`. A partner that differs is one row of {@link x12Profiles}. */
export interface X12Profile {
  readonly name: string;
  /** Zone of the times. */
  readonly zone: string;
  /** Label by MEA07; a partner with super off-peak adds its code for `SUPER-OFF`. */
  readonly touLabels: Readonly<Record<string, string>>;
  /** Whether a cancellation may name what it cancels in BPT09 (eastern states) instead of in REF*59. */
  readonly correlatesByBpt09: boolean;
}

const california: X12Profile = {
  name: 'california',
  zone: 'America/Los_Angeles',
  touLabels: touCodes,
  correlatesByBpt09: false,
};

export const x12Profiles: readonly X12Profile[] = [california];

/** @throws `invalid-request` naming the profiles there are */
export function getX12Profile(name: string): X12Profile {
  const profile = x12Profiles.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    const expected = x12Profiles.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot read or write X12', { at: 'profile', value: name, expected });
  }
  return profile;
}
