import type Router from '@koa/router';
import { z } from 'zod';
import { roles } from '../../storage/model/mailbox.ts';
import type { Mailbox, Mailboxes } from '../../storage/ports/mailboxes.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import { getReader, type ServerState } from '../http/context.ts';
import { addEndpoint, type Endpoint } from '../http/endpoint.ts';
import { nothing } from '../http/fields.ts';
import { html } from '../http/html.ts';
import { negotiate } from '../http/negotiate.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import { toPostingForm } from './posting-form.ts';

export const homeEndpoint = {
  method: 'get',
  path: '/',
  summary: 'show start page',
  roles,
  params: nothing,
  query: nothing,
  answers: {
    200: {
      description: 'Who you are, your mailboxes, and whom to ask',
      content: {
        'application/json': {
          schema: z
            .strictObject({
              participant: z.strictObject({ name: z.string(), title: z.string(), role: z.enum(roles) }),
              mailboxes: z.array(z.strictObject({ name: z.string(), href: z.string() })),
              support: z.array(z.strictObject({ name: z.string(), contact: z.string() })),
            })
            .meta({ id: 'Home' }),
          example: {
            participant: { name: 'esp-one', title: 'First Energy Services', role: 'participant' },
            mailboxes: [{ name: 'esp-one', href: '/mailboxes/esp-one/' }],
            support: [{ name: 'Help desk', contact: '+1 555 0100' }],
          },
        },
        'text/html': { schema: z.string() },
      },
    },
  },
  problems: ['not-acceptable'],
} as const satisfies Endpoint;

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'listMailboxes'>;
  readonly support: readonly SupportContact[];
  readonly isoAccounts: readonly { readonly name: string }[];
  readonly newId: () => string;
}

/** `GET /`: where a person begins. */
export function addHome(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, homeEndpoint, async (ctx) => {
    const reader = getReader(ctx);
    const mailboxes = await deps.mailboxes.listMailboxes(reader);
    if (negotiate(ctx, 'html', 'json') === 'html') {
      sendPage(ctx, {
        title: 'Meter data mailboxes',
        content: toContent(deps, reader, mailboxes),
        support: deps.support,
      });
      return;
    }
    const { name, title, role } = reader;
    ctx.body = {
      participant: { name, title, role },
      mailboxes: mailboxes.map((mailbox) => ({ name: mailbox.name, href: `/mailboxes/${mailbox.name}/` })),
      support: deps.support,
    };
  });
}

function toContent(deps: Deps, { name, title, role }: Participant, mailboxes: readonly Mailbox[]) {
  const items = mailboxes.map(
    (mailbox) =>
      html`<li><a href="/mailboxes/${mailbox.name}/">${mailbox.name}</a> (<a href="/mailboxes/${mailbox.name}/retrievals">retrievals</a>)</li>\n`,
  );
  const none = items.length === 0 && html`<p>You have no mailbox.</p>\n`;
  return html`<p>You are ${title} (${name}, ${role}).</p>
<h2>Mailboxes</h2>
${none}<ul>
${items}</ul>
${
  role !== 'participant' &&
  html`<h2>Postings</h2>
<p><a href="/postings">What was posted</a>${role === 'staff' && html`, <a href="/submissions">what became of it at the ISO</a>, <a href="/resources">which meter is which resource there</a>`}</p>
${toPostingForm({ mailboxes, isoAccounts: deps.isoAccounts, key: deps.newId() })}`
}`;
}
