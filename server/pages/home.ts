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
              next: z.string().nullable().meta({ description: 'Where more mailboxes are listed' }),
              support: z.array(z.strictObject({ name: z.string(), contact: z.string() })),
            })
            .meta({ id: 'Home' }),
          example: {
            participant: { name: 'esp-one', title: 'First Energy Services', role: 'participant' },
            mailboxes: [{ name: 'esp-one', href: '/mailboxes/esp-one/' }],
            next: null,
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

/** More than a person reads on a start page, or picks from in a form, are listed elsewhere. */
const maxMailboxes = 50;

/** `GET /`: where a person begins. */
export function addHome(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, homeEndpoint, async (ctx) => {
    const reader = getReader(ctx);
    const { mailboxes, hasMore } = await deps.mailboxes.listMailboxes(reader, { limit: maxMailboxes });
    const next = hasMore ? `/mailboxes/?after=${mailboxes.at(-1)?.name}` : null;
    if (negotiate(ctx, 'html', 'json') === 'html') {
      sendPage(ctx, {
        title: 'Meter data mailboxes',
        content: toContent(deps, reader, mailboxes, next),
        support: deps.support,
        hasWayBack: false,
      });
      return;
    }
    const { name, title, role } = reader;
    ctx.body = {
      participant: { name, title, role },
      mailboxes: mailboxes.map((mailbox) => ({ name: mailbox.name, href: `/mailboxes/${mailbox.name}/` })),
      next,
      support: deps.support,
    };
  });
}

function toContent(
  deps: Deps,
  { name, title, role }: Participant,
  mailboxes: readonly Mailbox[],
  next: string | null,
) {
  const items = mailboxes.map(
    (mailbox) =>
      html`<li><a href="/mailboxes/${mailbox.name}/">${mailbox.name}</a> (<a href="/mailboxes/${mailbox.name}/retrievals">retrievals</a>)</li>\n`,
  );
  const none = items.length === 0 && html`<p>You have no mailbox.</p>\n`;
  const who = name === role ? role : `${name}, ${role}`;
  return html`<p>You are ${title} (${who}).</p>
<h2>Mailboxes</h2>
${none}<ul>
${items}</ul>
${next !== null && html`<p><a href="${next}">More mailboxes</a></p>\n`}${
  role !== 'participant' &&
  html`<h2>Postings</h2>
<ul>
<li><a href="/postings">What was posted</a></li>
<li><a href="/refusals">What was refused</a></li>
${
  role === 'staff' &&
  html`<li><a href="/submissions">What became of it at the ISO</a></li>
<li><a href="/stops">What stands still because a page of the ISO was not recognised</a></li>
<li><a href="/resources">Which meter is which resource at the ISO</a></li>
`
}</ul>
${toPostingForm({ mailboxes: next === null ? mailboxes : [], isoAccounts: deps.isoAccounts, key: deps.newId() })}`
}`;
}
