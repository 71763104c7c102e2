import type { Command } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Store } from '../../../storage/open.ts';
import type { BackfillOffer } from '../../../storage/ports/resources.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly create?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `resource backfill`: what was posted before its meters were mapped (ruling 24). */
export function addBackfill(resource: Command, context: Context): void {
  resource
    .command('backfill')
    .description('list postings with readings that became mappable later, or forward them')
    .option('--dry-run', 'only list them; so it does without --create, too')
    .option('--create', 'create their forwardings')
    .option('--reason <text>', 'why, for the record; with --create')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Nothing is ever forwarded later by itself. Look at the list first.

Examples:
  mdma resource backfill --dry-run
  mdma resource backfill --create --reason "meters of site 7 were mapped late"`,
    )
    .action((options: Options, command: Command) =>
      withStore(context, command, async (store) => {
        checkOptions(options);
        const offers = await listAll(store);
        if (options.create !== true) {
          const text = toTable(offers, columns, 'Nothing that was posted became mappable later.');
          print(context, options, offers, text);
          return;
        }
        const act = { by: context.startedBy, reason: options.reason ?? '' };
        const created: number[] = [];
        for (const transaction of new Set(offers.map((offer) => offer.transaction))) {
          created.push(...(await store.catalogue.resources.backfill(transaction, act)));
        }
        const text = `Created ${created.length} forwardings${created.length > 0 ? `: ${created.join(', ')}` : ''}.\n`;
        print(context, options, { forwardings: created }, text);
      }),
    );
}

function checkOptions({ dryRun, create, reason }: Options): void {
  if (create === true && dryRun === true) {
    throw new MdmaError('invalid-request', 'Cannot backfill: --dry-run and --create exclude each other');
  }
  if (create === true && (reason ?? '').trim() === '') {
    throw new MdmaError('invalid-request', 'Cannot backfill: --create needs a --reason');
  }
}

async function listAll({ catalogue }: Store): Promise<BackfillOffer[]> {
  const offers: BackfillOffer[] = [];
  for (let page = await catalogue.resources.listBackfill({ after: 0, limit: 500 }); page.length > 0; ) {
    offers.push(...page);
    const after = page.at(-1)?.transaction ?? 0;
    page = await catalogue.resources.listBackfill({ after, limit: 500 });
  }
  return offers;
}

const columns: readonly Column<BackfillOffer>[] = [
  { heading: 'TRANSACTION', cell: ({ transaction }) => transaction, isNumber: true },
  { heading: 'ACCOUNT', cell: ({ account }) => account },
  { heading: 'WAY', cell: ({ way }) => way },
  { heading: 'METERS', cell: ({ meters }) => meters, isNumber: true },
  { heading: 'READINGS', cell: ({ readings }) => readings, isNumber: true },
];
