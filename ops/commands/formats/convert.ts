import type { Command } from 'commander';
import { type TargetName, targetNames } from '../../../storage/formats/writers.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, toJsonText } from '../../print.ts';
import { exitCodes } from '../../report-failure.ts';
import { chooseDialect, getFirstProfile } from './choose-dialect.ts';
import { type Conversion, toConversionText } from './conversion-text.ts';
import type { Target } from './convert-source.ts';
import { convertWhole } from './convert-whole.ts';
import { addDialectOptions, type DialectOptions, formatOption, toProfilesHelp } from './dialect-options.ts';
import { openSource, type Source } from './source.ts';

interface Options extends DialectOptions {
  readonly to: TargetName;
  readonly toProfile?: string;
  readonly sender?: string;
  readonly receiver?: string;
  readonly controlNumber?: number;
  readonly output?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `convert FILE --to FORMAT`: the same readings in another format; needs neither server nor store. */
export function addConvertCommand(program: Command, context: Context): void {
  const command = program
    .command('convert')
    .description('write the readings of a file in another format, and say what that cannot carry')
    .argument('<file>', 'the file; - is standard input')
    .addOption(formatOption('--to <format>', 'the format to write', targetNames).makeOptionMandatory())
    .option('--to-profile <name>', 'dialect to write, instead of the first of its format')
    .option('--sender <id>', 'written where FILE names no sender')
    .option('--receiver <id>', 'written where FILE names no receiver')
    .option('--control-number <number>', 'of an 867 and in its references (default: 1)', parseCount)
    .option('--output <file>', 'where to, instead of standard output');
  addDialectOptions(command)
    .option('--strict', 'write nothing, with status 1, unless everything can be carried')
    .addOption(jsonOption())
    .addHelpText('after', helpText)
    .action((file: string, options: Options) => convert(file, options, context));
}

const helpText = `
--format and --profile say how FILE is read, --to and --to-profile what is written.

${toProfilesHelp()}

A source with errors converts to nothing. --output is written beside its place
and put there when it is whole, so there is never half a file; a file that is
there is replaced, but never FILE itself. Without --output a file is read twice,
first to see that all of it converts; standard input is copied to a temporary
file for that.
What is lost is said on standard error; --json says it as JSON, on standard
output where --output leaves that free.

Exit status: 0 written, also with losses; 1 nothing written, because of errors
in FILE, or of losses with --strict, or because no reading can be carried;
2 wrong usage, or FILE cannot be read or is of no known format.

Examples:
  mdma convert 20261120.dat --to mdef --output 20261120.mde
  mdma convert rni.dat --profile sensus-rni --to cmep --to-profile strict > clean.dat
  zcat 20261120.dat.gz | mdma convert - --to omar-csv --strict --output omar.csv`;

async function convert(file: string, options: Options, context: Context): Promise<void> {
  const source = await openSource(file, context);
  const conversion = await convertTo(source, options, context).finally(source.close);
  if (options.json === true) {
    const screen = options.output === undefined ? context.stderr : context.stdout;
    screen.write(toJsonText(conversion));
  } else context.stderr.write(toConversionText(conversion));
  if (conversion.obstacle !== null) context.setExitCode(exitCodes.failed);
}

async function convertTo(source: Source, options: Options, context: Context): Promise<Conversion> {
  const from = chooseDialect(source, options);
  const { to: format, toProfile = getFirstProfile(format) } = options;
  const to = { format, profile: toProfile };
  const target = { ...to, ...toExtras(options), now: context.clock.now() };
  const wish = { output: options.output, isStrict: options.strict === true };
  return { file: source.name, from, to, ...(await convertWhole(source, from, target, wish, context)) };
}

/** What is written where the source does not say it. */
function toExtras({ sender, receiver, controlNumber }: Options): Omit<Target, 'format' | 'profile' | 'now'> {
  return {
    ...(sender === undefined ? {} : { sender }),
    ...(receiver === undefined ? {} : { receiver }),
    ...(controlNumber === undefined ? {} : { controlNumber, referenceNumber: controlNumber }),
  };
}
