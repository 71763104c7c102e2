import type { Command } from 'commander';
import { parseTransaction, type Transaction } from '../../../storage/model/transaction.ts';
import type { Posting } from '../../../storage/ports/postings.ts';
import type { Context } from '../../context.ts';
import { asOption, parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable, toTimeText } from '../../table.ts';
import { operator, withStore } from '../../with-store.ts';

interface Options {
  readonly limit: number;
  readonly before?: Transaction;
  readonly json?: boolean;
}

/** `postings`: what was posted, read from the store on this machine. */
export function addPostingsCommand(program: Command, context: Context): void {
  program
    .command('postings')
    .description(
      'what was posted, to whom, what became of it; newest first, read from the store of this machine',
    )
    .option('--limit <number>', 'at most so many', parseCount, 20)
    .option('--before <transaction>', 'only what was posted before this one', asOption(parseTransaction))
    .addOption(jsonOption())
    .action((options: Options, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const page = { before: options.before, limit: options.limit };
        const found = await catalogue.postings.listPostings(operator, page);
        const last = found.postings.at(-1)?.transaction;
        const more = found.hasMore ? `There are older ones: --before ${last}\n` : '';
        print(context, options, found, toTable(found.postings, columns, 'Nothing was posted yet.') + more);
      }),
    );
}

const columns: readonly Column<Posting>[] = [
  { heading: 'TRANSACTION', cell: ({ transaction }) => transaction, isNumber: true },
  { heading: 'POSTED', cell: ({ postedAt }) => toTimeText(postedAt) },
  { heading: 'BY', cell: ({ postedBy }) => postedBy },
  { heading: 'FORMAT', cell: ({ format }) => format },
  { heading: 'BYTES', cell: ({ bytes }) => bytes, isNumber: true },
  { heading: 'CORRECTS', cell: ({ corrects }) => corrects, isNumber: true },
  { heading: 'FILES', cell: ({ files }) => files.map(({ mailbox, name }) => `${mailbox}/${name}`).join(' ') },
  {
    heading: 'FORWARDINGS',
    cell: ({ forwardings }) => forwardings.map(({ id, state }) => `${id} ${state}`).join(', '),
  },
];
