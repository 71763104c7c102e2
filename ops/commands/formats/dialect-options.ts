import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FormatName, formatNames } from '../../../storage/formats/format.ts';
import { profileNames } from '../../../storage/formats/scanners.ts';
import { toFactText } from './wrap.ts';

export interface DialectOptions {
  readonly format?: FormatName;
  readonly profile?: string;
}

/** `867` and `997` stand for the X12 formats of these numbers. */
export function formatOption<Name extends FormatName>(
  flags: string,
  title: string,
  names: readonly Name[],
): Option {
  const shortest = names.map((name) => name.replace('x12-', ''));
  return new Option(flags, `${title} (${shortest.join(', ')})`).argParser((text) => {
    const found = names.find((name, at) => name === text || shortest[at] === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected one of ${shortest.join(', ')}.`);
    return found;
  });
}

/** `--format` and `--profile`: how a source is read. */
export function addDialectOptions(command: Command): Command {
  return command
    .addOption(formatOption('--format <name>', 'what it is, whatever its name says', formatNames))
    .option('--profile <name>', 'dialect it is read in, instead of the first of its format');
}

/** The profiles of every format, for a command's help. */
export function toProfilesHelp(): string {
  const rows = formatNames.map((format) => toFactText(format, profileNames(format).join(', ')));
  return `Profiles, of which the first is taken when none is chosen:
${rows.join('')}Settings may follow one of CMEP or X12, such as smartsynch:crc-xmodem: docs/formats.md.`;
}
