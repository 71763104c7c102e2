import type { Command } from 'commander';
import type { Reading } from '../../../bridge/https/text.ts';
import { readKeptAnswer } from '../../../bridge/mris/answers/read-kept-answer.ts';
import { readKeptPage } from '../../../bridge/omar/pages/read-kept-page.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import { type MrisWorkKind, mrisWorkKinds, type WorkKind } from '../../../storage/model/forwarding.ts';
import type { Store } from '../../../storage/open.ts';
import type { Clock } from '../../../storage/ports/clock.ts';
import type { Stop } from '../../../storage/ports/forwardings.ts';
import { readWhole } from '../../../storage/read-file.ts';
import type { Config } from '../../config.ts';
import type { Context } from '../../context.ts';
import { loadAccountMapping } from '../../load-account-mapping.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { reasonOption } from '../../reason-option.ts';
import { exitCodes } from '../../report-failure.ts';
import { type Column, toTable, toTimeText } from '../../table.ts';
import { withStore } from '../../with-store.ts';

interface ListOptions {
  readonly account?: string;
  readonly json?: boolean;
}

/** `stops list|page|replay|release`: work for the ISO that stands still because a page was not recognised (invariant 10). */
export function addStopsCommand(program: Command, context: Context): void {
  const stops = program
    .command('stops')
    .description('work for the ISO that stands still: list (also without a word), page, replay, release');
  stops
    .command('list', { isDefault: true })
    .description('list what stands still because the ISO showed a page that was not recognised')
    .option('--account <name>', 'only of this ISO account')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma stops --account sc-one')
    .action((options: ListOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.forwardings.listStops(options.account);
        print(context, options, found, toTable(found, columns, 'Nothing stands still.'));
      }),
    );
  addPage(stops, context);
  addReplay(stops, context);
  addRelease(stops, context);
}

const columns: readonly Column<Stop>[] = [
  { heading: 'ID', cell: ({ id }) => id, isNumber: true },
  { heading: 'ACCOUNT', cell: ({ account }) => account },
  { heading: 'STOPPED WORK', cell: ({ kind }) => kind },
  { heading: 'PAGE KEPT', cell: ({ keptAt }) => toTimeText(keptAt) },
  { heading: 'BYTES', cell: ({ file }) => file.bytes, isNumber: true },
  { heading: 'FILE', cell: ({ file }) => file.key },
  { heading: 'WHY', cell: ({ why }) => why },
];

function addPage(stops: Command, context: Context): void {
  stops
    .command('page')
    .description('write the page that was not recognised to standard output, byte for byte as it came')
    .argument('<id>', 'number of the stop', parseCount)
    .addHelpText(
      'after',
      '\nIt was written by others: put it into a file and read it there.\n\nExample:\n  mdma stops page 3 > page.html',
    )
    .action((id: number, _options: object, command: Command) =>
      withStore(context, command, async (store) => {
        const { file } = await getStop(store, id);
        context.stdout.write(await readWhole(store.files, file));
      }),
    );
}

function addReplay(stops: Command, context: Context): void {
  stops
    .command('replay')
    .description('read the kept page with this program: status 1 while it is not recognised')
    .argument('<id>', 'number of the stop', parseCount)
    .addOption(jsonOption())
    .addHelpText('after', '\nSends nothing and changes nothing.\n\nExample:\n  mdma stops replay 3')
    .action((id: number, options: { json?: boolean }, command: Command) =>
      withStore(context, command, async (store, config) => {
        const stop = await getStop(store, id);
        const reading = await readStop(stop, await readWhole(store.files, stop.file), config, context.clock);
        const isRead = 'found' in reading;
        const text = isRead
          ? `It is recognised now: ${JSON.stringify(reading.found)}\n`
          : `It is not recognised: ${reading.why}\n`;
        print(context, options, reading, text);
        if (!isRead) context.setExitCode(exitCodes.failed);
      }),
    );
}

/** By this program and, for MRI-S, by the mapping file that the account has now. */
async function readStop(
  { account, kind, head }: Stop,
  bytes: Uint8Array,
  config: Config,
  clock: Clock,
): Promise<Reading<unknown>> {
  if (!isMrisWork(kind)) return readKeptPage(kind, bytes);
  if (head === null)
    return { why: 'it was kept before status and content type were, which it takes to read it' };
  const mapping = await loadAccountMapping(config, account);
  return readKeptAnswer(kind, { ...head, bytes: Buffer.from(bytes) }, mapping, clock.now());
}

function isMrisWork(kind: WorkKind): kind is MrisWorkKind {
  return mrisWorkKinds.some((each) => each === kind);
}

function addRelease(stops: Command, context: Context): void {
  stops
    .command('release')
    .description('let the work go on; the same page stops it again')
    .argument('<id>', 'number of the stop', parseCount)
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Look at the page first. The bridge goes on within bridge.recheckSeconds.

Example:
  mdma stops release 3 --reason "an announcement of the ISO, over since noon"`,
    )
    .action((id: number, options: { reason: string; json?: boolean }, command: Command) =>
      withStore(context, command, async (store) => {
        const { forwardings } = store.catalogue;
        const stop = await getStop(store, id);
        await forwardings.releaseStop(id, context.startedBy, options.reason);
        const others = (await forwardings.listStops(stop.account)).length;
        const text = `Released stop ${id}: ${stop.kind} work of account ${stop.account}.\n`;
        const rest =
          others === 0
            ? 'Nothing else of this account stands still.\n'
            : `${others} more of this account: mdma stops --account ${stop.account}\n`;
        print(context, options, { ...stop, stillStopped: others }, text + rest);
      }),
    );
}

/** @throws `not-found` when it is released, or was never there */
async function getStop({ catalogue }: Store, id: number): Promise<Stop> {
  const stop = (await catalogue.forwardings.listStops(undefined)).find((each) => each.id === id);
  if (stop !== undefined) return stop;
  throw new MdmaError('not-found', `Cannot find stop ${id}: nothing of that number stands still`);
}
