import type { Command } from 'commander';
import { toPostingPrefix } from '../../../bridge/forwarding/iso-name.ts';
import type {
  ExplainedError,
  Forwarding,
  Part,
  RelatedForwarding,
  Submission,
} from '../../../storage/ports/forwardings.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable, toTimeText } from '../../table.ts';
import { withStore } from '../../with-store.ts';
import { getForwarding } from './submission-acts.ts';

/** `submissions show`: one forwarding with everything that ever happened to it. */
export function addShowSubmission(submissions: Command, context: Context): void {
  submissions
    .command('show')
    .description('one forwarding: where it stands, what was sent, what happened to it')
    .argument('<id>', 'number of the forwarding', parseCount)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma submissions show 7')
    .action((id: number, options: { json?: boolean }, command: Command) =>
      withStore(context, command, async (store) => {
        const forwarding = await getForwarding(store, id);
        const errors = await store.catalogue.forwardings.listErrors(id);
        print(context, options, { ...forwarding, errors }, toText(forwarding, errors));
      }),
    );
}

function toText(forwarding: Forwarding, errors: readonly ExplainedError[]): string {
  const { id, transaction, account, way, state, isHeld, attention, reason, unmapped, parts, history } =
    forwarding;
  const related = [
    ...forwarding.replaces.flatMap((each) => toRelatedRows('replaces', each)),
    ...forwarding.replacedBy.flatMap((each) => toRelatedRows('is replaced by', each)),
  ];
  const attempts = parts.flatMap((part) => part.submissions.map((submission) => ({ part, submission })));
  return [
    `Forwarding ${id} of transaction ${transaction} to ${account} (${way}): ${state}${isHeld ? ', on hold' : ''}\n`,
    `  reason  ${reason || '-'}\n`,
    ...(attention === null ? [] : [`  ask     ${attention}: a person should look\n`]),
    `  next    ${toTimeText(forwarding.dueAt) ?? 'nothing by itself'}\n`,
    `  left    ${unmapped} readings whose meter is not mapped\n`,
    `  parts   ${parts.length}; its names at the ISO begin with ${toPostingPrefix(transaction)}\n\n`,
    toTable(attempts, attemptColumns, 'Nothing of it was sent.'),
    '\n',
    ...(related.length > 0 ? [toTable(related, relatedColumns, ''), '\n'] : []),
    ...(errors.length > 0 ? [toTable(errors, errorColumns, ''), '\n'] : []),
    toTable(history, eventColumns, 'It has no history.'),
  ].join('');
}

const attemptColumns: readonly Column<{ part: Part; submission: Submission }>[] = [
  { heading: 'PART', cell: ({ part }) => part.number, isNumber: true },
  { heading: 'ATTEMPT', cell: ({ submission }) => submission.attempt, isNumber: true },
  { heading: 'NAME AT THE ISO', cell: ({ submission }) => submission.isoName },
  { heading: 'STATE', cell: ({ submission }) => submission.state },
  { heading: 'FILE ID', cell: ({ submission }) => submission.isoFileId },
  { heading: 'ISO STATUS', cell: ({ submission }) => submission.isoStatus },
  { heading: 'BEGUN', cell: ({ submission }) => toTimeText(submission.intendedAt) },
  { heading: 'WORDS', cell: ({ submission }) => submission.words },
];

interface Related {
  readonly how: string;
  readonly forwarding: RelatedForwarding;
  readonly sent?: RelatedForwarding['submissions'][number];
}

/** A row for each submission; a forwarding of which nothing was sent has one too. */
function toRelatedRows(how: string, forwarding: RelatedForwarding): Related[] {
  const { submissions } = forwarding;
  if (submissions.length === 0) return [{ how, forwarding }];
  return submissions.map((sent) => ({ how, forwarding, sent }));
}

const relatedColumns: readonly Column<Related>[] = [
  { heading: 'THIS ONE', cell: ({ how }) => how },
  { heading: 'FORWARDING', cell: ({ forwarding }) => forwarding.id, isNumber: true },
  { heading: 'TRANSACTION', cell: ({ forwarding }) => forwarding.transaction, isNumber: true },
  { heading: 'STATE', cell: ({ forwarding }) => forwarding.state },
  { heading: 'PART', cell: ({ sent }) => sent?.part ?? null, isNumber: true },
  { heading: 'NAME AT THE ISO', cell: ({ sent }) => sent?.isoName ?? 'nothing was sent' },
  { heading: 'SUBMISSION', cell: ({ sent }) => sent?.state ?? null },
  { heading: 'FILE ID', cell: ({ sent }) => sent?.isoFileId ?? null },
];

const errorColumns: readonly Column<ExplainedError>[] = [
  { heading: 'PART', cell: ({ part }) => part, isNumber: true },
  { heading: 'METER', cell: ({ meter }) => meter },
  { heading: 'UNIT', cell: ({ unit }) => unit },
  { heading: 'RESOURCE', cell: ({ resourceId }) => resourceId },
  { heading: 'INTERVAL END', cell: ({ intervalEndAt }) => toTimeText(intervalEndAt) },
  { heading: 'LINE', cell: ({ line }) => line, isNumber: true },
  { heading: 'TIMES', cell: ({ occurrences }) => occurrences, isNumber: true },
  { heading: 'THE ISO SAYS', cell: ({ words }) => words },
];

const eventColumns: readonly Column<Forwarding['history'][number]>[] = [
  { heading: 'EVENT', cell: ({ sequence }) => sequence, isNumber: true },
  { heading: 'AT', cell: ({ at }) => toTimeText(at) },
  { heading: 'WHAT', cell: ({ kind }) => kind },
  { heading: 'DETAILS', cell: ({ body }) => JSON.stringify(body) },
];
