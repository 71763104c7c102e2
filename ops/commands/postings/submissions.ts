import { type Command, Option } from 'commander';
import { type ForwardingState, forwardingStates } from '../../../storage/model/forwarding.ts';
import { parseTransaction, type Transaction } from '../../../storage/model/transaction.ts';
import type { Store } from '../../../storage/open.ts';
import type { ListedForwarding as Listed } from '../../../storage/ports/forwardings.ts';
import type { Context } from '../../context.ts';
import { asOption, parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { toTable, toTimeText } from '../../table.ts';
import { withStore } from '../../with-store.ts';
import { addShowSubmission } from './show-submission.ts';
import { addSubmissionActs } from './submission-acts.ts';

interface ListOptions {
  readonly state?: ForwardingState;
  readonly transaction?: Transaction;
  readonly attention?: boolean;
  readonly before?: number;
  readonly limit: number;
  readonly json?: boolean;
}

/** `submissions`: what went to the ISO and how it stands, from the store on this machine. */
export function addSubmissionsCommand(program: Command, context: Context): void {
  const submissions = program
    .command('submissions')
    .description(
      'what went to the ISO and how it stands: list (also without a word), show, hold, release, retry, close',
    );
  submissions
    .command('list', { isDefault: true })
    .description('list forwardings with their parts and submissions, newest first')
    .addOption(new Option('--state <state>', 'only forwardings in this state').choices(forwardingStates))
    .option('--transaction <number>', "only this posting's", asOption(parseTransaction))
    .option('--attention', 'only what waits for a person or asks for one, what is on hold left out')
    .option('--before <id>', 'only older forwardings than this one', parseCount)
    .option('--limit <number>', 'at most so many', parseCount, 20)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma submissions --attention')
    .action((options: ListOptions, command: Command) =>
      withStore(context, command, (store) => list(store, context, options)),
    );
  addShowSubmission(submissions, context);
  addSubmissionActs(submissions, context);
}

async function list({ catalogue }: Store, context: Context, options: ListOptions): Promise<void> {
  const { state, transaction, attention: needsAttention = false, before, limit } = options;
  const filter = { state, transaction, needsAttention, before, limit };
  const found = await catalogue.forwardings.listForwardings(filter);
  const rows = found.forwardings.flatMap(toRows);
  const table = toTable(
    rows,
    [
      { heading: 'ID', cell: ({ forwarding }) => forwarding.id, isNumber: true },
      { heading: 'TRANSACTION', cell: ({ forwarding }) => forwarding.transaction, isNumber: true },
      { heading: 'ACCOUNT', cell: ({ forwarding }) => forwarding.account },
      { heading: 'STATE', cell: ({ forwarding }) => toStateText(forwarding) },
      { heading: 'NEXT', cell: ({ forwarding }) => toTimeText(forwarding.dueAt) },
      { heading: 'PART', cell: ({ part }) => part?.number ?? null, isNumber: true },
      { heading: 'NAME AT THE ISO', cell: ({ submission }) => submission?.isoName ?? null },
      { heading: 'ISO STATUS', cell: ({ submission }) => submission?.isoStatus ?? submission?.state ?? null },
      {
        heading: 'REASON',
        cell: ({ forwarding, submission }) => forwarding.reason || (submission?.words ?? ''),
      },
    ],
    (state ?? transaction ?? before ?? options.attention) ? 'There is none.' : 'Nothing was forwarded yet.',
  );
  const more = found.hasMore ? `There are older ones: --before ${found.forwardings.at(-1)?.id}\n` : '';
  print(context, options, found, table + more);
}

type Row = {
  forwarding: Listed;
  part?: Listed['parts'][number];
  submission?: Listed['parts'][number]['submissions'][number];
};

function toStateText({ state, isHeld, attention }: Listed): string {
  const notes = [...(isHeld ? ['held'] : []), ...(attention === null ? [] : [attention])];
  return notes.length === 0 ? state : `${state} (${notes.join(', ')})`;
}

/** A row for every attempt; a forwarding or part without one has a row too. */
function toRows(forwarding: Listed): Row[] {
  if (forwarding.parts.length === 0) return [{ forwarding }];
  return forwarding.parts.flatMap((part): Row[] =>
    part.submissions.length === 0
      ? [{ forwarding, part }]
      : part.submissions.map((submission) => ({ forwarding, part, submission })),
  );
}
