import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import type { CheckLevels } from '../../../storage/formats/checks/check-levels.ts';
import { OutcomeCollector } from '../../../storage/formats/x12/acknowledgement/outcome-collector.ts';
import {
  type AcknowledgementOptions,
  toAcknowledgement,
} from '../../../storage/formats/x12/acknowledgement/to-acknowledgement.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import { isZone } from '../../../storage/model/time.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption } from '../../print.ts';
import { exitCodes, reportFailure } from '../../report-failure.ts';
import { addDialectOptions, toProfilesHelp } from './dialect-options.ts';
import { type Inspection, type InspectOptions, inspectSource } from './inspect-source.ts';
import { toInspectionText } from './inspection-text.ts';
import { toJsonPieces } from './json-pieces.ts';
import { levelOption } from './level-option.ts';
import { openOutputFile, toStandardOutput } from './output.ts';
import { openSource } from './source.ts';

interface Options extends Omit<InspectOptions, 'levels' | 'outcomes' | 'maxMeters'> {
  readonly level?: CheckLevels;
  readonly meters: number;
  readonly zone?: string;
  readonly '997'?: boolean;
  readonly output?: string;
  readonly controlNumber?: number;
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
    .optionsGroup('To answer an 867:')
    .option('--997', 'write its 997 to standard output, and the report to standard error')
    .option('--output <file>', 'write the 997 to this file, and the report to standard output')
    .option('--control-number <number>', 'of the 997 (default: 1)', parseCount)
    .optionsGroup('Options:')
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
  zcat 20261120.dat.gz | mdma inspect - --json
  mdma inspect usage.edi --997 --output answer.edi --control-number 42`,
    )
    .action((files: readonly string[], options: Options) => inspect(files, options, context));
}

async function inspect(files: readonly string[], options: Options, context: Context): Promise<void> {
  if (options['997'] === true) return acknowledge(files, options, context);
  if (options.output === undefined) return report(files, options, context, context.stdout);
  throw new MdmaError('invalid-request', 'Cannot use --output: only the 997 of --997 is written there');
}

/** Reports on the files, one after the other, and sets the exit status. */
async function report(
  files: readonly string[],
  options: Options,
  context: Context,
  screen: Context['stdout'],
): Promise<void> {
  let worst = 0;
  for (const [index, file] of files.entries()) {
    const found = await inspectFile(file, options, context);
    worst = Math.max(worst, statusOf(found));
    if (options.json === true) {
      const document = found instanceof MdmaError ? { file, problem: found.message } : found;
      await writeJson(document, index, screen);
    } else if (found instanceof MdmaError) reportFailure(context, found, false);
    else screen.write(`${index === 0 ? '' : '\n'}${toText(found, options)}`);
  }
  if (options.json === true) screen.write('\n]\n');
  if (worst > 0) context.setExitCode(worst);
}

/** Writes one element of the array that is printed, no faster than it is taken; who writes the last one closes it. */
async function writeJson(document: object, index: number, screen: Context['stdout']): Promise<void> {
  screen.write(index === 0 ? '[\n' : ',\n');
  for (const piece of toJsonPieces(document)) if (!screen.write(piece)) await once(screen, 'drain');
}

/** Writes the 997 of one 867 and reports on it, also where there can be no 997. */
async function acknowledge(files: readonly string[], options: Options, context: Context): Promise<void> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    throw new MdmaError('invalid-request', `Cannot answer ${files.length} files: a 997 is for one file`);
  }
  const { output: name, controlNumber = 1 } = options;
  const source = await openSource(file, context);
  const outcomes = new OutcomeCollector();
  const found = await inspectSource(source, { ...toInspectOptions(options), outcomes }, context).finally(
    source.close,
  );
  const answer = findAcknowledgement(outcomes, {
    now: context.clock.now(),
    controlNumber,
    // A file is posted whole or not at all, and the answer says so.
    refusesAll: found.isRefused,
  });
  if (!(answer instanceof MdmaError)) {
    const output =
      name === undefined ? toStandardOutput(context) : await openOutputFile(name, source, context);
    await output.write(answer);
    await output.keep();
  }
  const screen = name === undefined ? context.stderr : context.stdout;
  if (options.json === true) {
    await writeJson(found, 0, screen);
    screen.write('\n]\n');
  } else screen.write(toText(found, options));
  if (answer instanceof MdmaError) reportFailure(context, answer, false);
  else if (found.isRefused) context.setExitCode(exitCodes.failed);
}

/** The 997, or why there can be none. */
function findAcknowledgement(
  outcomes: OutcomeCollector,
  options: AcknowledgementOptions,
): Uint8Array | MdmaError {
  try {
    return toAcknowledgement(outcomes, options);
  } catch (error) {
    if (error instanceof MdmaError) return error;
    throw error;
  }
}

/** The inspection, or why there can be none. */
async function inspectFile(
  file: string,
  options: Options,
  context: Context,
): Promise<Inspection | MdmaError> {
  try {
    const source = await openSource(file, context);
    return await inspectSource(source, toInspectOptions(options), context).finally(source.close);
  } catch (error) {
    if (error instanceof MdmaError) return error;
    throw error;
  }
}

function toInspectOptions({ level, meters, json, ...options }: Options): InspectOptions {
  return {
    ...options,
    ...(level === undefined ? {} : { levels: level }),
    ...(json === true ? {} : { maxMeters: meters }),
  };
}

function statusOf(found: Inspection | MdmaError): number {
  if (found instanceof MdmaError) return exitCodes.usage;
  return found.isRefused ? exitCodes.failed : 0;
}

function toText(found: Inspection, { maxFaults, zone }: Options): string {
  return toInspectionText(found, { maxPerCode: maxFaults ?? 3, zone });
}

function parseZone(text: string): string {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('Expected a time zone, such as America/Los_Angeles.');
}
