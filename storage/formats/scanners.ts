import { toInvalid } from '../model/errors.ts';
import { createCmepScanner } from './cmep/cmep-scanner.ts';
import { cmepProfiles, getCmepProfile } from './cmep/profiles.ts';
import type { FormatName, Scanner, ScanOptions } from './format.ts';
import { createMdefScanner } from './mdef/mdef-scanner.ts';
import { getMdefProfile, mdefProfiles } from './mdef/profiles.ts';
import { getOmarCsvLayout, omarCsvLayouts } from './omar-csv/columns.ts';
import { createOmarCsvScanner } from './omar-csv/omar-csv-scanner.ts';
import { createAcknowledgementScanner } from './x12/acknowledgement/acknowledgement-scanner.ts';
import { getX12Profile, x12Profiles } from './x12/profiles.ts';
import { createUsageScanner } from './x12/usage/usage-scanner.ts';

const formats: Readonly<
  Record<
    FormatName,
    {
      create: (options: ScanOptions) => Scanner;
      profiles: readonly { readonly name: string }[];
      getProfile: (text: string) => { readonly name: string };
    }
  >
> = {
  cmep: { create: createCmepScanner, profiles: cmepProfiles, getProfile: getCmepProfile },
  mdef: { create: createMdefScanner, profiles: mdefProfiles, getProfile: getMdefProfile },
  'omar-csv': { create: createOmarCsvScanner, profiles: omarCsvLayouts, getProfile: getOmarCsvLayout },
  'x12-867': { create: createUsageScanner, profiles: x12Profiles, getProfile: getX12Profile },
  'x12-997': { create: createAcknowledgementScanner, profiles: x12Profiles, getProfile: getX12Profile },
};

/**
 * A scanner for one file of the format.
 *
 * @throws `invalid-request` when the format has no such profile
 */
export function createScanner(format: FormatName, options: ScanOptions): Scanner {
  return formats[format].create(options);
}

/** The profiles of a format; the first is the one to use when nobody says otherwise. */
export function profileNames(format: FormatName): readonly string[] {
  return formats[format].profiles.map((profile) => profile.name);
}

/**
 * The profile that `text` names in the first of the formats that has it, with its settings.
 *
 * @throws `invalid-request` naming the profiles or settings there are
 */
export function parseProfile(text: string, among: readonly FormatName[]): string {
  const [name = ''] = text.split(':');
  const format = among.find((candidate) => profileNames(candidate).includes(name));
  if (format !== undefined) return formats[format].getProfile(text).name;
  const expected = `one of ${[...new Set(among.flatMap(profileNames))].join(', ')}`;
  throw toInvalid('Cannot use the profile', { at: 'profile', value: name, expected });
}
