import { type Command, InvalidArgumentError } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import { isZone } from '../../../storage/model/time.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, toJsonText } from '../../print.ts';
import { exitCodes, reportFailure } from '../../report-failure.ts';
import { addDialectOptions, toProfilesHelp } from './dialect-options.ts';
import { type Inspection, type InspectOptions, inspectSource } from './inspect-source.ts';
import { toInspectionText } from './inspection-text.ts';
import { type Levels, levelOption } from './level-option.ts';
import { openSource } from './source.ts';

interface Options extends Omit<InspectOptions, 'levels'> {
  readonly level?: Levels;
  readonly meters: number;
  readonly zone?: string;
  readonly json?: boolean;
}

/** `inspect FILE…`: what a file of meter data is, holds and lacks; needs neither server nor store. */
export function addInspectCommand(program: Command, context: Context): void {
  const command = program
    .command('inspect')
    .description('say what a file of meter data is, what it holds, and every fault in it')
    .argument('<files...>', 'the files; - is standard input');
  addDialectOptions(command)
    .addOption(levelOption())
    .option(
      '--max-faults <count>',
      'most faults that are listed, else 1000 and on screen 3 of each code',
      parseCount,
    )
    .option('--meters <count>', 'most meters that are shown; --json has them all', parseCount, 20)
    .option('--zone <name>', 'show instants in this zone, such as America/Los_Angeles; else UTC', parseZone)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
${toProfilesHelp()}

Exit status: 0 no errors, 1 a file has errors, 2 a file cannot be read or is of no
known format; of several files, the highest.

Examples:
  mdma inspect 20261120.dat
  mdma inspect --profile sensus-rni --zone America/Los_Angeles rni/*.dat
  zcat 20261120.dat.gz | mdma inspect - --json`,
    )
    .action((files: readonly string[], options: Options) => inspect(files, options, context));
}

async function inspect(files: readonly string[], options: Options, context: Context): Promise<void> {
  let worst = 0;
  for (const [index, file] of files.entries()) {
    const found = await inspectFile(file, options, context);
    worst = Math.max(worst, statusOf(found));
    if (options.json === true) {
      const document = found instanceof MdmaError ? { file, problem: found.message } : found;
      context.stdout.write(`${index === 0 ? '[' : ','}\n${toJsonText(document).trimEnd()}`);
    } else if (found instanceof MdmaError) reportFailure(context, found, false);
    else context.stdout.write(`${index === 0 ? '' : '\n'}${toText(found, options)}`);
  }
  if (options.json === true) context.stdout.write('\n]\n');
  if (worst > 0) context.setExitCode(worst);
}

/** The inspection, or why there can be none. */
async function inspectFile(
  file: string,
  { level, ...options }: Options,
  context: Context,
): Promise<Inspection | MdmaError> {
  try {
    const source = await openSource(file, context);
    const levels = level === undefined ? {} : { levels: level };
    return await inspectSource(source, { ...options, ...levels }, context).finally(source.close);
  } catch (error) {
    if (error instanceof MdmaError) return error;
    throw error;
  }
}

function statusOf(found: Inspection | MdmaError): number {
  if (found instanceof MdmaError) return exitCodes.usage;
  return found.isRefused ? exitCodes.failed : 0;
}

function toText(found: Inspection, { meters, maxFaults, zone }: Options): string {
  return toInspectionText(found, { maxMeters: meters, maxPerCode: maxFaults ?? 3, zone });
}

function parseZone(text: string): string {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('Expected a time zone, such as America/Los_Angeles.');
}
