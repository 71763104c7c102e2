import type { z } from 'zod';
import { endStates } from '../../storage/model/forwarding.ts';
import { toIsoText } from '../../storage/model/time.ts';
import { type Html, html } from '../http/html.ts';
import { toTable, toTime } from '../http/page.ts';
import type { forwardingSchema, historySchema } from './submission-entry.ts';

type Forwarding = z.output<typeof forwardingSchema>;
type WithHistory = z.output<typeof historySchema>;
type Related = WithHistory['replaces'][number];

const forwardingColumns = [
  ...['Forwarding', 'Transaction', 'Account', 'State', 'Reason', 'Next'],
  { number: 'Parts' },
  { number: 'Unmapped readings' },
];
const submissionColumns = ['Part', 'Attempt', 'Name at the ISO', 'Submission', 'File id'];
const errorColumns = [
  ...['Part', 'Attempt', 'Meter', 'Unit', 'Resource', 'Interval end'],
  { number: 'Line of the part' },
  "The ISO's words",
  { number: 'Times' },
];

export function toSubmissionsContent(forwardings: readonly Forwarding[], next: string | null): Html {
  const table = toTable('Newest first; times in UTC', forwardingColumns, forwardings.map(toForwardingRow));
  return html`${table}${next !== null && html`<p><a href="${next}" rel="next">Earlier</a></p>\n`}<p><a href="/submissions?attention=true">What needs a person</a></p>
<p><a href="/stops">What stands still because a page of the ISO was not recognised</a></p>
`;
}

function toForwardingRow(forwarding: Forwarding): Html {
  const { id, href, transaction, account, way, state, reason, isHeld, attention, parts, unmapped } =
    forwarding;
  return html`<tr><td><a href="${href}">${id}</a></td><td><a href="/postings/${transaction}">${transaction}</a></td><td>${account} (${way})</td><td>${state}${isHeld && ', held'}${attention !== null && `, ${attention}`}</td><td>${reason}</td><td>${toTime(forwarding.dueAt)}</td><td class="number">${parts.length}</td><td class="number">${unmapped}</td></tr>
`;
}

export function toSubmissionContent(forwarding: WithHistory): Html {
  const submissions = forwarding.parts.flatMap((part) =>
    part.submissions.map(
      (
        each,
      ) => html`<tr><td>${part.number}</td><td>${each.attempt}</td><td>${each.isoName}</td><td>${each.state}</td><td>${each.isoFileId}</td><td>${each.isoStatus}</td><td>${toTime(each.intendedAt)}</td><td>${each.words}</td></tr>
`,
    ),
  );
  const errors = forwarding.errors.map(
    (each) =>
      html`<tr><td>${each.part}</td><td>${each.attempt}</td><td>${each.meter}</td><td>${each.unit}</td><td>${each.resourceId}</td><td>${toTime(each.intervalEnd)}</td><td class="number">${each.line}</td><td>${each.words}</td><td class="number">${each.occurrences}</td></tr>
`,
  );
  const related = [
    ...forwarding.replaces.flatMap((each) => toRelatedRows('replaces', each)),
    ...forwarding.replacedBy.flatMap((each) => toRelatedRows('is replaced by', each)),
  ];
  const relatedColumns = ['This one', 'Forwarding', 'Transaction', 'State', ...submissionColumns];
  const history = forwarding.history.map(
    ({ sequence, at, kind, body }) =>
      html`<tr><td>${sequence}</td><td>${toTime(at)}</td><td>${kind}</td><td>${toDetails(body)}</td></tr>\n`,
  );
  const columns = [...submissionColumns, 'Status', 'Intended', 'Words'];
  return html`${toTable('This forwarding; times in UTC', forwardingColumns, [toForwardingRow(forwarding)])}${toTable('Submissions', columns, submissions)}${related.length > 0 && toTable('Corrections', relatedColumns, related)}${errors.length > 0 && toTable('What the ISO found wrong, in terms of what was posted', errorColumns, errors)}${toTable('History', ['Event', 'At', 'What', 'Details'], history)}${toForms(forwarding)}<p><a href="/submissions">All submissions to the ISO</a></p>
`;
}

/** What an event says, a word and its value each; instants as people read them. */
function toDetails(body: unknown): Html {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== null,
  );
  return html`${entries.map(([name, value], index) => {
    const isInstant = name.endsWith('At') && typeof value === 'number';
    const words = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return html`${index > 0 && html`<br>`}${name}: ${isInstant ? toTime(toIsoText(value)) : words}`;
  })}`;
}

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

/** The acts that its state allows: those that staff could not do are not offered. */
function toForms(forwarding: Forwarding): Html {
  const { state, isHeld } = forwarding;
  const goesOn = !endStates.includes(state);
  if (!goesOn && state !== 'person') return html``;
  return html`<h2>Step in</h2>
${toForm(forwarding, 'retry', 'Retry now')}${goesOn && toForm(forwarding, 'hold', isHeld ? 'Release' : 'Hold')}${(isHeld || !goesOn) && toForm(forwarding, 'close', 'Close by hand')}`;
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
