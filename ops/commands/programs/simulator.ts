import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DownloadShape } from '../../../bridge/omar/download-shape.ts';
import type { FaultTable } from '../../../bridge/simulator/fault-menu.ts';
import {
  getOmarCsvLayout,
  type OmarCsvLayout,
  omarColumns,
  omarCsvLayouts,
} from '../../../storage/formats/omar-csv/columns.ts';
import { MdmaError, type ValueFault } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import { parseCount, parsePort } from '../../parse-option.ts';
import { stopWithStdin, untilStdinEndsOption, untilStopped } from './until-stopped.ts';

interface SimulatorOptions {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly port: number;
  readonly controlPort: number;
  readonly state?: string;
  readonly fault?: readonly string[];
  readonly untilStdinEnds?: boolean;
}

interface OmarOptions extends SimulatorOptions {
  readonly stepMs: number;
  readonly csvLayout: string;
  readonly resource?: readonly string[];
  readonly download?: string;
}

interface MrisOptions extends SimulatorOptions {
  readonly validationMs: number;
  readonly mapping?: string;
  readonly partial?: boolean;
  readonly resource?: readonly string[];
  readonly scId?: readonly string[];
  readonly policyAnswer: '429' | '200' | 'fault';
}

/** A simulator of the ISO, as this command runs it. */
interface Simulator {
  listen(): Promise<void>;
  readonly url: string;
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** `simulator omar`, `simulator mris`: the ISO's side, on this machine. */
export function addSimulatorCommand(program: Command, context: Context): void {
  const simulator = program
    .command('simulator')
    .description("the ISO's systems, simulated on this machine: omar, mris");
  addListening(simulator.command('omar'), 9443, 9480)
    .description('run a simulator of OMAR-Online on loopback, until SIGTERM or Ctrl-C')
    .option('--step-ms <number>', 'how long a file stays in each status before its last', parseCount, 60_000)
    .option(
      '--csv-layout <layout>',
      'what CSV files are in: gmt, pacific-standard, or a YAML file of what stands under bridge.csvLayout',
      'gmt',
    )
    .option(
      '--resource <id...>',
      'resources that CSV may name; all that are well named when left out',
      addResource,
    )
    .option(
      '--download <file>',
      'how meter data is downloaded: a YAML file of what stands under bridge.download; not at all when left out',
    )
    .addHelpText('after', toHelp(9480, '{"fault":"cut-after-accept","kind":"upload","times":1}'))
    .action((options: OmarOptions) => runOmar(options, context));
  addListening(simulator.command('mris'), 9543, 9580)
    .description('run a simulator of MRI-S on loopback, until SIGTERM or Ctrl-C')
    .option('--validation-ms <number>', 'how long a batch is in process', parseCount, 60_000)
    .option('--mapping <file>', 'what the messages look like, in place of the mapping that is shipped')
    .option('--partial', 'accept the good records of a batch with errors, in place of none')
    .option(
      '--resource <id...>',
      'resources that there are; all that are well named when left out',
      addResource,
    )
    .option('--sc-id <id...>', 'SC ids that may be asked for; all when left out')
    .addOption(
      new Option('--policy-answer <form>', 'how a retrieve that comes too early is told')
        .choices(['429', '200', 'fault'])
        .default('429'),
    )
    .addHelpText('after', toHelp(9580, '{"fault":"cut-after-accept","kind":"submit","times":1}'))
    .action((options: MrisOptions) => runMris(options, context));
}

function addListening(command: Command, port: number, controlPort: number): Command {
  return command
    .requiredOption('--certificate <file>', "the simulator's own certificate (PEM)")
    .requiredOption('--key <file>', 'its key (PEM)')
    .requiredOption('--authority <file>', 'authority that client certificates must be from (PEM)')
    .option('--port <number>', 'HTTPS port; 0 takes a free one', parsePort, port)
    .option(
      '--control-port <number>',
      'HTTP port that shows what it holds and takes faults and alterations',
      parsePort,
      controlPort,
    )
    .option('--state <file>', 'where it keeps what it holds; in memory only when left out')
    .option(
      '--fault <fault...>',
      'what goes wrong from the start on: NAME, or NAME=KIND,times=N,after=N,delayMs=N,length=N,code=N (docs/simulators.md)',
    )
    .addOption(untilStdinEndsOption());
}

function toHelp(controlPort: number, fault: string): string {
  return `
What it holds:      curl http://127.0.0.1:${controlPort}/holdings
Make an answer get lost, once:
  curl http://127.0.0.1:${controlPort}/faults -H 'content-type: application/json' \\
    -d '${fault}'
Change an interval that it holds, or with "value": null take it away:
  curl http://127.0.0.1:${controlPort}/alterations -H 'content-type: application/json' \\
    -d '{"resourceId":"R_1","measurementType":"LOAD","unit":"KWH","intervalMinutes":60,"end":"2026-11-19T09:00:00Z","value":"1.5"}'`;
}

async function runOmar(options: OmarOptions, context: Context): Promise<void> {
  const { stepMs, csvLayout, resource, download } = options;
  const { createOmarSimulator } = await import('../../../bridge/simulator/omar.ts');
  const { omarFaults } = await import('../../../bridge/simulator/omar/faults.ts');
  const simulator = createOmarSimulator({
    ...(await readListening(options, context)),
    faults: await parseFaults(options, omarFaults),
    csvLayout: await readLayout(csvLayout, context),
    ...(resource === undefined ? {} : { resources: resource }),
    ...(download === undefined ? {} : { download: await readShape(download, context) }),
    delays: { uploadingMs: stepMs, uploadCompleteMs: stepMs, runningValidationMs: stepMs },
  });
  await run(simulator, options, context);
}

/** The layout of that name; else of the file of that name. */
async function readLayout(given: string, context: Context): Promise<OmarCsvLayout> {
  const { parseCsvLayout } = await import('../../../bridge/csv-layout.ts');
  const names = omarCsvLayouts.map(({ name }) => name);
  if (names.includes(given)) return parseCsvLayout(given);
  const expected = `${names.join(', ')}, or a YAML file of what stands under bridge.csvLayout`;
  return readSettings({ at: '--csv-layout', value: given, expected }, context, parseCsvLayout);
}

async function readShape(given: string, context: Context): Promise<DownloadShape> {
  const { downloadShapeSchema } = await import('../../../bridge/omar/download-shape.ts');
  const expected = 'a YAML file of what stands under bridge.download';
  return readSettings({ at: '--download', value: given, expected }, context, (settings) => {
    const parsed = downloadShapeSchema.safeParse(settings);
    if (parsed.success) return parsed.data;
    throw new Error(z.prettifyError(parsed.error), { cause: parsed.error });
  });
}

/**
 * What the YAML file that an option names spells out.
 *
 * @throws `invalid-request` naming option and file, what was expected, and why it is not that
 */
async function readSettings<Value>(
  { at, value: file, expected }: ValueFault,
  { cwd }: Context,
  toValue: (settings: unknown) => Value,
): Promise<Value> {
  try {
    return toValue(parse(await readFile(path.resolve(cwd, file), 'utf8')));
  } catch (cause) {
    // What follows the place in a message about YAML is a picture of it.
    const why = cause instanceof Error ? cause.message.split(':\n')[0] : String(cause);
    const found = `${at} is ${JSON.stringify(file)}, expected ${expected}: ${why}`;
    throw new MdmaError('invalid-request', `Cannot start the simulator: ${found}`, { cause });
  }
}

/** One more resource of an option. */
function addResource(text: string, earlier: readonly string[] = []): string[] {
  const { find, expected } = omarColumns.RESOURCE_ID;
  if (find(text, getOmarCsvLayout('gmt')) === undefined) {
    throw new InvalidArgumentError(`Expected ${expected}.`);
  }
  return [...earlier, text];
}

async function runMris(options: MrisOptions, context: Context): Promise<void> {
  const { validationMs, mapping, resource, scId, policyAnswer } = options;
  const { createMrisSimulator } = await import('../../../bridge/simulator/mris.ts');
  const { mrisFaults } = await import('../../../bridge/simulator/mris/faults.ts');
  const { loadMapping } = await import('../../../bridge/mris/messages/mapping.ts');
  const simulator = createMrisSimulator({
    ...(await readListening(options, context)),
    mapping: await loadMapping(mapping === undefined ? undefined : path.resolve(context.cwd, mapping)),
    faults: await parseFaults(options, mrisFaults),
    validationMs,
    isPartial: options.partial ?? false,
    policyAnswer,
    ...(resource === undefined ? {} : { resources: resource }),
    ...(scId === undefined ? {} : { scIds: scId }),
  });
  await run(simulator, options, context);
}

/** What the menu of the simulator then checks. */
async function parseFaults<Input>(
  { fault = [] }: SimulatorOptions,
  table: FaultTable<string>,
): Promise<Input[]> {
  const { parseFaultText } = await import('../../../bridge/simulator/fault-menu.ts');
  return fault.map((text) => parseFaultText(text, table) as Input);
}

async function readListening(options: SimulatorOptions, context: Context) {
  const at = (file: string) => path.resolve(context.cwd, file);
  const { port, controlPort, state } = options;
  return {
    certificatePem: await readFile(at(options.certificate)),
    keyPem: await readFile(at(options.key)),
    clientAuthorityPem: await readFile(at(options.authority)),
    port,
    controlPort,
    clock: context.clock,
    ...(state === undefined ? {} : { stateFile: at(state) }),
  };
}

async function run(simulator: Simulator, options: SimulatorOptions, context: Context): Promise<void> {
  stopWithStdin(options);
  const stopped = untilStopped();
  await simulator.listen();
  const ready = { ready: true, url: simulator.url, controlUrl: simulator.controlUrl };
  context.stdout.write(`${JSON.stringify(ready)}\n`);
  await stopped;
  await simulator.close();
}
