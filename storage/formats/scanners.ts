import { createCmepScanner } from './cmep/cmep-scanner.ts';
import { cmepProfiles } from './cmep/profiles.ts';
import type { FormatName, Scanner, ScanOptions } from './format.ts';
import { createMdefScanner } from './mdef/mdef-scanner.ts';
import { mdefProfiles } from './mdef/profiles.ts';
import { omarCsvLayouts } from './omar-csv/columns.ts';
import { createOmarCsvScanner } from './omar-csv/omar-csv-scanner.ts';
import { createAcknowledgementScanner } from './x12/acknowledgement/acknowledgement-scanner.ts';
import { x12Profiles } from './x12/profiles.ts';
import { createUsageScanner } from './x12/usage/usage-scanner.ts';

const formats: Readonly<
  Record<
    FormatName,
    { create: (options: ScanOptions) => Scanner; profiles: readonly { readonly name: string }[] }
  >
> = {
  cmep: { create: createCmepScanner, profiles: cmepProfiles },
  mdef: { create: createMdefScanner, profiles: mdefProfiles },
  'omar-csv': { create: createOmarCsvScanner, profiles: omarCsvLayouts },
  'x12-867': { create: createUsageScanner, profiles: x12Profiles },
  'x12-997': { create: createAcknowledgementScanner, profiles: x12Profiles },
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
