import type { z } from 'zod';
import { type Html, html } from '../http/html.ts';
import { toTable } from '../http/page.ts';
import type { forwardingSchema, historySchema } from './submission-entry.ts';

type Forwarding = z.output<typeof forwardingSchema>;
type WithHistory = z.output<typeof historySchema>;
type Related = WithHistory['replaces'][number];

export function toSubmissionsContent(forwardings: readonly Forwarding[], next: string | null): Html {
  const rows = forwardings.map(
    ({
      id,
      href,
      transaction,
      account,
      way,
      state,
      reason,
      dueAt,
      isHeld,
      attention,
      parts,
      unmapped,
    }) => html`<tr><td><a href="${href}">${id}</a></td><td><a href="/postings/${transaction}">${transaction}</a></td><td>${account} (${way})</td><td>${state}${isHeld && ', held'}${attention !== null && `, ${attention}`}</td><td>${reason}</td><td>${dueAt}</td><td class="number">${parts.length}</td><td class="number">${unmapped}</td></tr>
`,
  );
  const columns = [
    'Forwarding',
    'Transaction',
    'Account',
    'State',
    'Reason',
    'Next',
    'Parts',
    'Unmapped readings',
  ];
  return html`${toTable('Newest first; times in UTC', columns, rows)}${next !== null && html`<p><a href="${next}" rel="next">Earlier</a></p>\n`}<p><a href="/submissions?attention=true">What needs a person</a></p>
<p><a href="/stops">What stands still because a page of the ISO was not recognised</a></p>
`;
}

export function toSubmissionContent(forwarding: WithHistory): Html {
  const submissions = forwarding.parts.flatMap((part) =>
    part.submissions.map(
      (
        each,
      ) => html`<tr><td>${part.number}</td><td>${each.attempt}</td><td>${each.isoName}</td><td>${each.state}</td><td>${each.isoFileId}</td><td>${each.isoStatus}</td><td>${each.intendedAt}</td><td>${each.words}</td></tr>
`,
    ),
  );
  const errors = forwarding.errors.map(
    (each) =>
      html`<tr><td>${each.part}</td><td>${each.attempt}</td><td>${each.meter}</td><td>${each.unit}</td><td>${each.resourceId}</td><td>${each.intervalEnd}</td><td class="number">${each.line}</td><td>${each.words}</td><td class="number">${each.occurrences}</td></tr>
`,
  );
  const errorColumns = [
    ...['Part', 'Attempt', 'Meter', 'Unit', 'Resource', 'Interval end', 'Line of the part'],
    ...["The ISO's words", 'Times'],
  ];
  const related = [
    ...forwarding.replaces.flatMap((each) => toRelatedRows('replaces', each)),
    ...forwarding.replacedBy.flatMap((each) => toRelatedRows('is replaced by', each)),
  ];
  const relatedColumns = ['This one', 'Forwarding', 'Transaction', 'State', ...submissionColumns];
  const history = forwarding.history.map(
    ({
      sequence,
      at,
      kind,
      body,
    }) => html`<tr><td>${sequence}</td><td>${at}</td><td>${kind}</td><td><code>${JSON.stringify(body)}</code></td></tr>
`,
  );
  const columns = [...submissionColumns, 'Status', 'Intended', 'Words'];
  return html`${toSubmissionsContent([forwarding], null)}${toTable('Submissions', columns, submissions)}${related.length > 0 && toTable('Corrections', relatedColumns, related)}${errors.length > 0 && toTable('What the ISO found wrong, in terms of what was posted', errorColumns, errors)}${toTable('History', ['Event', 'At', 'What', 'Details'], history)}<h2>Step in</h2>
${toForm(forwarding, 'retry', 'Retry now')}${toForm(forwarding, 'hold', forwarding.isHeld ? 'Release' : 'Hold')}${toForm(forwarding, 'close', 'Close by hand')}`;
}

const submissionColumns = ['Part', 'Attempt', 'Name at the ISO', 'Submission', 'File id'];

/** A row for each submission; a forwarding of which nothing was sent has one too. */
function toRelatedRows(how: string, { id, href, transaction, state, submissions }: Related): Html[] {
  const sent = submissions.length === 0 ? [undefined] : submissions;
  return sent.map(
    (
      each,
    ) => html`<tr><td>${how}</td><td><a href="${href}">${id}</a></td><td><a href="/postings/${transaction}">${transaction}</a></td><td>${state}</td><td>${each?.part}</td><td>${each?.attempt}</td><td>${each?.isoName ?? 'nothing was sent'}</td><td>${each?.state}</td><td>${each?.isoFileId}</td></tr>
`,
  );
}

function toForm({ id, isHeld }: Forwarding, act: string, button: string): Html {
  const hold = act === 'hold' && html`<input type="hidden" name="hold" value="${isHeld ? 'false' : 'true'}">`;
  return html`<form method="post" action="/submissions/${id}/${act}">${hold}
<label for="${act}-reason">Reason to ${button.toLowerCase()}</label>
<input id="${act}-reason" name="reason" required maxlength="500">
<button>${button}</button>
</form>
`;
}
