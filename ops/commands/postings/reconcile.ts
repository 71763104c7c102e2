import { once } from 'node:events';
import type { Command } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import { reconcile } from '../../../storage/reconciliation/reconcile.ts';
import type { ReconciliationRow } from '../../../storage/reconciliation/row.ts';
import { addToTotals, type Totals, toJson } from '../../../storage/reconciliation/to-json.ts';
import type { Context } from '../../context.ts';
import { parseDay, parseInstant } from '../../parse-option.ts';
import { jsonOption } from '../../print.ts';
import { exitCodes } from '../../report-failure.ts';
import { toTimeText } from '../../table.ts';
import { toPartFormats } from '../../to-part-formats.ts';
import { withStore } from '../../with-store.ts';
import { type AskFilter, askIsoSide } from './ask-iso-side.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly account?: string;
  readonly leftOver?: boolean;
  readonly askIso?: boolean;
  readonly updatedSince?: number;
  readonly json?: boolean;
}

/** `reconcile`: what was posted for the ISO against what the ISO has. */
export function addReconcileCommand(program: Command, context: Context): void {
  program
    .command('reconcile')
    .description(
      'every interval that was posted for the ISO, what became of it, and what is left over on either side',
    )
    .option('--from <day>', 'first trade day, ccyy-mm-dd', parseDay)
    .option('--to <day>', 'last trade day, ccyy-mm-dd', parseDay)
    .option('--account <name>', 'only of this ISO account, and what is mapped to none')
    .option('--left-over', 'only what is left over')
    .option('--ask-iso', 'ask the ISO what it holds of these days, and compare; needs --from and --to')
    .option(
      '--updated-since <instant>',
      'with --ask-iso: of MRI-S only what changed since; what was sent before is not missed',
      parseInstant,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Neighbouring intervals with one fate are one line. At the ISO's side it tells what its list showed when it was last
walked; with --ask-iso also what it holds of each interval, by the accounts of the configuration, a request each 31
seconds at MRI-S. Ends with status 1 when anything is left over: all but "accepted", "replaced" and "held".

Example:
  mdma reconcile --from 2026-11-01 --to 2026-11-30 --left-over
  mdma reconcile --from 2026-11-01 --to 2026-11-07 --ask-iso --account sc-one`,
    )
    .action((options: Options, command: Command) =>
      withStore(context, command, async (store, config) => {
        const deps = {
          ...{ catalogue: store.catalogue, files: store.files, clock: context.clock },
          partFormats: toPartFormats(config),
        };
        const filter = parseAsking(options);
        const isoSide = filter && (await askIsoSide(context, { store, config, deps }, filter));
        let isLeftOver = false;
        async function* rows(): AsyncIterable<ReconciliationRow> {
          for await (const row of reconcile(deps, options, isoSide)) {
            isLeftOver ||= row.isLeftOver;
            if (row.isLeftOver || options.leftOver !== true) yield row;
          }
        }
        const text = options.json === true ? toJson(rows()) : toText(rows());
        for await (const piece of text) {
          if (!context.stdout.write(piece)) await once(context.stdout, 'drain');
        }
        if (isLeftOver) context.setExitCode(exitCodes.failed);
      }),
    );
}

/** What the ISO is to be asked for; undefined when it is not to be asked. */
function parseAsking({ askIso, from, to, account, updatedSince }: Options): AskFilter | undefined {
  if (askIso !== true && updatedSince === undefined) return undefined;
  if (askIso === true && from !== undefined && to !== undefined)
    return { from, to, account, updatedSinceAt: updatedSince };
  throw new MdmaError(
    'invalid-request',
    'Cannot ask the ISO: expected --ask-iso with --from and --to, and --updated-since only with it',
  );
}

/** Least widths, because the lines are written as they come; what is wider pushes the rest of its line. */
const columns: readonly [
  heading: string,
  width: number,
  cell: (row: ReconciliationRow) => string | number | null,
][] = [
  ['FATE', 11, ({ fate }) => fate],
  ['TRANSACTION', 11, ({ transaction }) => transaction],
  ['LINE', 7, ({ line }) => line],
  ['METER', 16, ({ meter }) => meter],
  ['UNIT', 6, ({ unit }) => unit],
  ['FIRST END', 20, ({ firstEndAt }) => toTimeText(firstEndAt)],
  ['LAST END', 20, ({ lastEndAt }) => toTimeText(lastEndAt)],
  ['INTERVALS', 9, ({ intervals }) => intervals],
  ['RESOURCE', 16, ({ resourceId }) => resourceId],
  ['ACCOUNT', 10, ({ account }) => account],
  ['FORWARDING', 10, ({ forwarding }) => forwarding],
  ['PART', 4, ({ part }) => part],
  ['NAME AT THE ISO', 18, ({ isoName }) => isoName],
  ['ISO ID', 10, ({ isoFileId }) => isoFileId],
  ['ISO STATUS', 17, ({ isoStatus }) => isoStatus],
  ['WORDS', 0, ({ words }) => words],
];

async function* toText(rows: AsyncIterable<ReconciliationRow>): AsyncIterable<string> {
  const totals: Totals = {};
  yield toLine(columns.map(([heading]) => heading));
  for await (const row of rows) {
    addToTotals(totals, row);
    yield toLine(columns.map(([, , cell]) => cell(row)));
  }
  yield '\n';
  for (const [fate, { rows: lines, intervals }] of Object.entries(totals)) {
    yield `${fate}: ${intervals} intervals in ${lines} lines\n`;
  }
  if (Object.keys(totals).length === 0) yield 'Nothing.\n';
}

function toLine(cells: readonly (string | number | null)[]): string {
  const texts = cells.map((cell, at) => {
    const text = cell === null || cell === '' ? '-' : String(cell).replace(/\s+/g, ' ');
    return text.padEnd(columns[at]?.[1] ?? 0);
  });
  return `${texts.join('  ').trimEnd()}\n`;
}
