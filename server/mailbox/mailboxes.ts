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
  addEndpoint(router, listMailboxesEndpoint, async (ctx, { query: { after, limit } }) => {
    const { mailboxes, hasMore } = await deps.mailboxes.listMailboxes(getReader(ctx), { after, limit });
    const last = mailboxes.at(-1);
    const next = hasMore && last ? `/mailboxes/?after=${last.name}&limit=${limit}` : null;
    if (next !== null) ctx.set('Link', `<${next}>; rel="next"`);
    const form = negotiate(ctx, 'html', 'json', 'text');
    if (form === 'json') ctx.body = { mailboxes: mailboxes.map(toMailboxEntry), next };
    else if (form === 'text') ctx.body = mailboxes.map(({ name }) => `${name}\n`).join('');
    else {
      const items = mailboxes.map(({ name }) => html`<li><a href="${name}/">${name}/</a></li>\n`);
      const more = next !== null && html`<p><a href="${next}" rel="next">More mailboxes</a></p>\n`;
      const content = html`<ul>\n${items}</ul>\n${more}`;
      sendPage(ctx, { title: 'Mailboxes', content, support: deps.support, hasWayBack: false });
    }
  });
}
