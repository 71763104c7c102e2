import type { z } from 'zod';
import { reasonCodes } from '../../storage/model/reason-code.ts';
import { type Html, html } from '../http/html.ts';
import { toTable, toTime } from '../http/page.ts';
import type { postedSchema } from './post-endpoint.ts';
import type { postingSchema, refusalSchema } from './posting-entry.ts';

type Posting = z.output<typeof postingSchema>;
type Posted = z.output<typeof postedSchema>;
type Refusal = z.output<typeof refusalSchema>;

/** What was posted, to whom, and what became of it. */
export function toPostingContent(posting: Posting & { readonly unmapped?: number }): Html {
  const { summary } = posting;
  const facts: [string, string | number | Html | null][] = [
    ['Posted', html`${toTime(posting.postedAt)} by ${posting.postedBy}`],
    [
      'File',
      `${posting.originalName || 'without a name'}, ${posting.bytes} bytes, ${posting.format} (${posting.profile})`,
    ],
    ['SHA-256', html`<code>${posting.sha256}</code>`],
    [
      'Corrects',
      posting.corrects &&
        html`<a href="/postings/${posting.corrects}">${posting.corrects}</a>: ${posting.reasonCode && reasonCodes[posting.reasonCode]}`,
    ],
    ['Corrected by', toLinks(posting.correctedBy)],
    ['Note', posting.note],
    ['Complete billing periods', posting.isComplete ? 'yes' : 'no'],
    ['Records', `${summary.records} of ${summary.meters} meters, ${summary.readings} readings`],
    [
      'Estimated, adjusted, raw, missing',
      `${summary.estimated}, ${summary.adjusted}, ${summary.raw}, ${summary.missing}`,
    ],
    ['Due to the ISO and not mapped', posting.unmapped ?? null],
    ['From, to', html`${toTime(summary.firstAt)} ${toTime(summary.lastAt)}`],
  ];
  const rows = facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`);
  const files = posting.files.map(
    ({ mailbox, name, href }) =>
      html`<tr><td><a href="/mailboxes/${mailbox}/">${mailbox}</a></td><td><a href="${href}">${name}</a></td></tr>\n`,
  );
  const forwardings = posting.forwardings.map(
    ({ id, account, way, state }) =>
      html`<tr><td><a href="/submissions/${id}">${id}</a></td><td>${account} (${way})</td><td>${state}</td></tr>\n`,
  );
  return html`<table><caption>Posting; times in UTC</caption><tbody>
${rows}</tbody></table>
${toTable('In mailboxes', ['Mailbox', 'Name'], files)}${toTable('To the ISO', ['Forwarding', 'Account', 'State'], forwardings)}`;
}

export function toPostedContent(posted: Posted): Html {
  const warnings = posted.warnings.map(
    ({ level, line, field, message }) => html`<li>${level}, line ${line}, ${field}: ${message}</li>\n`,
  );
  return html`${warnings.length > 0 && html`<h2>Warnings and notes</h2>\n<ul>\n${warnings}</ul>\n`}${toPostingContent(posted)}`;
}

export function toPostingsContent(postings: readonly Posting[], next: string | null): Html {
  const rows = postings.map(
    (
      posting,
    ) => html`<tr><td><a href="${posting.href}">${posting.transaction}</a></td><td>${toTime(posting.postedAt)}</td><td>${posting.postedBy}</td><td>${posting.originalName}</td><td class="number">${posting.bytes}</td><td>${posting.files.map(({ mailbox }) => mailbox).join(', ')}</td><td>${posting.corrects}</td><td>${posting.forwardings.map(({ account, state }) => `${account} ${state}`).join(', ')}</td></tr>
`,
  );
  const columns = [
    ...['Transaction', 'Posted', 'By', 'File'],
    { number: 'Bytes' },
    ...['Mailboxes', 'Corrects', 'To the ISO'],
  ];
  const earlier = next !== null && html`<p><a href="${next}" rel="next">Earlier</a></p>\n`;
  return html`${toTable('Newest first; times in UTC', columns, rows)}${earlier}<p><a href="/refusals">Refused posts</a></p>\n`;
}

export function toRefusalsContent(refusals: readonly Refusal[]): Html {
  const rows = refusals.map(
    ({
      refusedAt,
      refusedBy,
      originalName,
      bytes,
      sha256,
      reason,
    }) => html`<tr><td>${toTime(refusedAt)}</td><td>${refusedBy}</td><td>${originalName}</td><td class="number">${bytes}</td><td>${reason}</td><td><code>${sha256}</code></td></tr>
`,
  );
  const columns = ['Refused', 'By', 'File', { number: 'Bytes' }, 'Why', 'SHA-256'];
  return toTable('Newest first; times in UTC', columns, rows);
}

function toLinks(transactions: readonly number[]): Html {
  return html`${transactions.map((transaction) => html`<a href="/postings/${transaction}">${transaction}</a> `)}`;
}
