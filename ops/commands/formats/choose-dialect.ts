import { detectFormat } from '../../../storage/formats/detect.ts';
import type { FormatName } from '../../../storage/formats/format.ts';
import { profileNames } from '../../../storage/formats/scanners.ts';
import { MdmaError, toInvalid } from '../../../storage/model/errors.ts';
import type { Source } from './source.ts';

/** How a source is read, and why so. */
export interface Dialect {
  readonly format: FormatName;
  /** Why it has this format. */
  readonly why: string;
  readonly profile: string;
}

/**
 * The format by content unless it is chosen, the first profile of the format unless one is chosen.
 *
 * @throws `invalid-request` when content fits no format, or the format has no such profile
 */
export function chooseDialect(source: Source, chosen: { format?: FormatName; profile?: string }): Dialect {
  const { format, why } = chooseFormat(source, chosen.format);
  const names = profileNames(format);
  const profile = chosen.profile ?? (names[0] as string);
  if (names.includes(profile)) return { format, why, profile };
  const expected = `a profile of ${format}: ${names.join(', ')}`;
  throw toInvalid(`Cannot read ${source.name}`, { at: '--profile', value: profile, expected });
}

function chooseFormat(source: Source, format: FormatName | undefined): Pick<Dialect, 'format' | 'why'> {
  if (format !== undefined) return { format, why: 'chosen with --format' };
  const detection = detectFormat(source.head, source.fileName);
  if (!('fault' in detection)) return detection;
  const { code, message } = detection.fault;
  const hint = code === 'E_NAME' ? ' Choose one with --format.' : '';
  throw new MdmaError('unknown-format', `Cannot read ${source.name}: ${code}: ${message}${hint}`);
}
