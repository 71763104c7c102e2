import type { ProfileProposal } from '../../../storage/formats/cmep/propose-profile.ts';
import { confirmFormat, detectFormat } from '../../../storage/formats/detect.ts';
import type { FormatName } from '../../../storage/formats/format.ts';
import { profileNames } from '../../../storage/formats/scanners.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Source } from './source.ts';

/** How a source is read, and why so. */
export interface Dialect {
  readonly format: FormatName;
  /** Why it has this format. */
  readonly why: string;
  readonly profile: string;
  /** A profile that the beginning of the content fits, and why; null where none is proposed. Never used unasked. */
  readonly proposal: ProfileProposal | null;
}

/**
 * The format by content, which a chosen one or else the file's name must not contradict; the first profile of the format unless one is chosen. Whether there is such
 * a profile, the scanner says.
 *
 * @throws `invalid-request` when the content fits no format, or another one
 */
export function chooseDialect(source: Source, chosen: { format?: FormatName; profile?: string }): Dialect {
  const { format, why, proposal } = chooseFormat(source, chosen.format);
  return { format, why, profile: chosen.profile ?? getFirstProfile(format), proposal };
}

/** The profile that is taken when nobody says otherwise. */
export function getFirstProfile(format: FormatName): string {
  const [first] = profileNames(format);
  if (first === undefined) throw new Error(`Cannot choose a profile: ${format} has none`);
  return first;
}

function chooseFormat(source: Source, format: FormatName | undefined): Omit<Dialect, 'profile'> {
  const detection =
    format === undefined ? detectFormat(source.head, source.fileName) : confirmFormat(source.head, format);
  if (!('fault' in detection)) {
    return { format: detection.format, why: detection.why, proposal: detection.profile ?? null };
  }
  const { code, message } = detection.fault;
  const hint = code === 'E_NAME' ? ' If that is right, choose it with --format.' : '';
  throw new MdmaError('invalid-request', `Cannot read ${source.name}: ${code}: ${message}${hint}`);
}
