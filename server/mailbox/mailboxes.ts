import type Router from '@koa/router';
import type { Mailboxes } from '../../storage/ports/mailboxes.ts';
import { getReader, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { html } from '../http/html.ts';
import { negotiate } from '../http/negotiate.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import { listMailboxesEndpoint } from './directory-endpoint.ts';
import { toMailboxEntry } from './directory-entry.ts';

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'listMailboxes'>;
  readonly support: readonly SupportContact[];
}

/** `GET /mailboxes/`: the mailboxes the caller may read, and no sign of others (MBX-2). */
export function addMailboxes(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, listMailboxesEndpoint, async (ctx) => {
    const mailboxes = await deps.mailboxes.listMailboxes(getReader(ctx));
    const form = negotiate(ctx, 'html', 'json', 'text');
    if (form === 'json') ctx.body = { mailboxes: mailboxes.map(toMailboxEntry) };
    else if (form === 'text') ctx.body = mailboxes.map(({ name }) => `${name}\n`).join('');
    else {
      const items = mailboxes.map(({ name }) => html`<li><a href="${name}/">${name}/</a></li>\n`);
      const content = html`<ul>\n${items}</ul>\n`;
      sendPage(ctx, { title: 'Mailboxes', content, support: deps.support });
    }
  });
}
