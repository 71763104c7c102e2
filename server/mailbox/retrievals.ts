import type Router from '@koa/router';
import { z } from 'zod';
import { toIsoText } from '../../storage/model/time.ts';
import type { Mailbox, Mailboxes } from '../../storage/ports/mailboxes.ts';
import type { Retrieval, Retrievals } from '../../storage/ports/retrievals.ts';
import { getReader, type ServerState } from '../http/context.ts';
import { addEndpoint, type Endpoint } from '../http/endpoint.ts';
import {
  countNumber,
  fileNameField,
  idField,
  instantText,
  mailboxField,
  toLimitField,
} from '../http/fields.ts';
import { html } from '../http/html.ts';
import { negotiate } from '../http/negotiate.ts';
import { toNotFound } from '../http/not-found.ts';
import { type SupportContact, sendPage, toTable, toTime } from '../http/page.ts';

const retrievalSchema = z
  .strictObject({
    id: countNumber,
    name: z.string(),
    participant: z.string(),
    credential: z
      .string()
      .meta({ description: 'What they logged in with, shortened', example: 'certificate 0f3a99c01b2d4e5f' }),
    address: z.string(),
    coding: z.enum(['identity', 'gzip', 'zstd']),
    range: z
      .strictObject({ start: countNumber, end: countNumber })
      .nullable()
      .meta({ description: 'Bytes of identity that were asked for, end exclusive; null for the whole' }),
    openedAt: instantText,
    endedAt: instantText.nullable(),
    bytesSent: countNumber.nullable(),
    state: z.enum(['open', 'interrupted', 'sent', 'acknowledged']).meta({
      description:
        'open: until the connection goes on or ends; sent: all was handed to the operating system and the client then went on or ended in order, no more; acknowledged: the client said so with the right digest',
    }),
    mismatchedAt: instantText
      .nullable()
      .meta({ description: 'When a receipt last said that another digest had arrived' }),
  })
  .meta({ id: 'Retrieval' });

export const retrievalsEndpoint = {
  method: 'get',
  path: '/mailboxes/{mailbox}/retrievals',
  summary: 'list retrievals',
  roles: ['participant', 'staff', 'program'],
  params: z.strictObject({ mailbox: mailboxField }),
  query: z.strictObject({
    name: fileNameField.optional().meta({ description: 'Only of this file' }),
    before: idField.optional().meta({ description: 'Only what was opened before this one' }),
    limit: toLimitField(100, 1_000),
  }),
  answers: {
    200: {
      description: 'Who retrieved what, newest first. More pages by Link.',
      content: {
        'application/json': {
          schema: z
            .strictObject({ retrievals: z.array(retrievalSchema), next: z.string().nullable() })
            .meta({ id: 'Retrievals' }),
          example: {
            retrievals: [
              {
                id: 17,
                name: '202611210905.dat',
                participant: 'esp-one',
                credential: 'certificate 0f3a99c01b2d4e5f',
                address: '192.0.2.7',
                coding: 'identity',
                range: null,
                openedAt: '2026-11-21T17:06:00.000Z',
                endedAt: '2026-11-21T17:06:01.000Z',
                bytesSent: 202_000,
                state: 'acknowledged',
                mismatchedAt: null,
              },
            ],
            next: null,
          },
        },
        'text/html': { schema: z.string() },
      },
    },
  },
  problems: ['invalid-request', 'not-found', 'not-acceptable'],
} as const satisfies Endpoint;

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'findMailbox'>;
  readonly retrievals: Pick<Retrievals, 'listRetrievals'>;
  readonly support: readonly SupportContact[];
}

/** `GET …/retrievals`: the retrieval log of a mailbox, for those entitled to it (LOG-1). */
export function addRetrievals(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, retrievalsEndpoint, async (ctx, { params, query }) => {
    const mailbox = await deps.mailboxes.findMailbox(getReader(ctx), params.mailbox);
    if (mailbox === undefined) throw toNotFound();
    const { name, before, limit } = query;
    const { retrievals, hasMore } = await deps.retrievals.listRetrievals(mailbox.id, { name, before, limit });
    const entries = retrievals.map(toEntry);
    const last = entries.at(-1);
    const next = hasMore && last ? toHref(mailbox, query, last.id) : null;
    if (next !== null) ctx.set('Link', `<${next}>; rel="next"`);
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = { retrievals: entries, next };
    else {
      const title = `Retrievals from mailbox ${mailbox.name}`;
      sendPage(ctx, { title, content: toContent(mailbox, entries, next), support: deps.support });
    }
  });
}

type Entry = z.output<typeof retrievalSchema>;

/** Enough of a fingerprint to tell certificates apart, too little to look one up elsewhere. */
const maxCredential = 'certificate '.length + 16;

function toEntry(retrieval: Retrieval): Entry {
  const { id, name, participant, credential, address, coding, rangeStart, rangeEnd, bytesSent, state } =
    retrieval;
  return {
    id,
    name,
    participant,
    credential: credential.slice(0, maxCredential),
    address,
    coding,
    range: rangeStart === null || rangeEnd === null ? null : { start: rangeStart, end: rangeEnd },
    openedAt: toIsoText(retrieval.openedAt),
    endedAt: retrieval.endedAt === null ? null : toIsoText(retrieval.endedAt),
    bytesSent,
    state,
    mismatchedAt: retrieval.mismatchedAt === null ? null : toIsoText(retrieval.mismatchedAt),
  };
}

function toHref(
  { name: mailbox }: Mailbox,
  query: { name?: string | undefined; limit: number },
  before: number,
): string {
  const name = query.name === undefined ? '' : `name=${query.name}&`;
  return `/mailboxes/${mailbox}/retrievals?${name}before=${before}&limit=${query.limit}`;
}

function toContent({ name }: Mailbox, entries: readonly Entry[], next: string | null) {
  const rows = entries.map(
    (
      entry,
    ) => html`<tr><td>${entry.name}</td><td>${entry.participant}</td><td>${entry.address}</td><td>${entry.credential}</td><td>${toTime(entry.openedAt)}</td><td>${toTime(entry.endedAt)}</td><td>${entry.coding}</td><td>${entry.range && `${entry.range.start} to ${entry.range.end}`}</td><td class="number">${entry.bytesSent}</td><td>${entry.state}${entry.mismatchedAt && html`, another digest was reported ${toTime(entry.mismatchedAt)}`}</td></tr>
`,
  );
  const columns = [
    ...['File', 'Who', 'From', 'By', 'Began', 'Ended', 'Coding', 'Range'],
    { number: 'Bytes' },
    'State',
  ];
  return html`${toTable('Newest first; times in UTC', columns, rows)}${next !== null && html`<p><a href="${next}" rel="next">Earlier</a></p>\n`}<p><a href="/mailboxes/${name}/">Its daily files</a></p>\n`;
}
