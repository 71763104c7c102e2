import { type Command, Option } from 'commander';
import { type FormatName, formatNames } from '../../../storage/formats/format.ts';
import { profileNames } from '../../../storage/formats/scanners.ts';

export interface DialectOptions {
  readonly format?: FormatName;
  readonly profile?: string;
}

/** `--format` and `--profile`: how a source is read. */
export function addDialectOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <name>', 'what it is; found out from the content when left out').choices(
        formatNames,
      ),
    )
    .addOption(
      new Option('--profile <name>', 'dialect it is read in; the first of its format when left out').choices([
        ...new Set(formatNames.flatMap(profileNames)),
      ]),
    );
}

/** The profiles of every format, for a command's help. */
export function toProfilesHelp(): string {
  const rows = formatNames.map((format) => `  ${format.padEnd(10)}${profileNames(format).join(', ')}`);
  return `Profiles (the first is taken when none is chosen):\n${rows.join('\n')}`;
}
