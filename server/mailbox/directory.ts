import { Readable } from 'node:stream';
import type Router from '@koa/router';
import type { z } from 'zod';
import { type FileName, parseFileName } from '../../storage/model/file-name.ts';
import { toIsoText } from '../../storage/model/time.ts';
import type { Mailbox, Mailboxes, MailboxFile } from '../../storage/ports/mailboxes.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { toNotFound } from '../http/not-found.ts';
import { type SupportContact, setPageHeaders } from '../http/page.ts';
import { directoryEndpoint } from './directory-endpoint.ts';
import { toFileEntry, toMailboxHref } from './directory-entry.ts';
import { toIndexEnd, toIndexRows, toIndexStart } from './directory-page.ts';

type Query = z.output<typeof directoryEndpoint.query>;

interface Page {
  readonly files: readonly MailboxFile[];
  readonly next: Query | undefined;
}

/** Rows of one query of an index, and of a whole index: beyond it, a link leads on. */
const indexPage = 1_000;
const maxIndex = 100_000;

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'findMailbox' | 'listFiles' | 'listChangedFiles'>;
  readonly support: readonly SupportContact[];
}

/** `GET /mailboxes/{mailbox}/`: what came, and what came since (MBX-8, API-4). */
export function addDirectory(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, directoryEndpoint, async (ctx, { params, query }) => {
    const mailbox = await deps.mailboxes.findMailbox(getReader(ctx), params.mailbox);
    if (mailbox === undefined) throw toNotFound();
    const form = negotiate(ctx, 'html', 'json', 'text');
    if (form === 'html') {
      setPageHeaders(ctx);
      ctx.body = Readable.from(toIndex(deps, mailbox, query, ctx.URL.searchParams.has('limit')));
      return;
    }
    const page = await listPage(deps.mailboxes, mailbox, query);
    const next = page.next && toHref(mailbox, page.next);
    if (next !== undefined) ctx.set('Link', `<${next}>; rel="next"`);
    if (form === 'json') sendJson(ctx, mailbox, page, query, next);
    else {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = page.files.map(({ name }) => `${name}\n`).join('');
    }
  });
}

async function listPage(mailboxes: Deps['mailboxes'], mailbox: Mailbox, query: Query): Promise<Page> {
  const { after, limit, cursor, 'changed-since': since } = query;
  if (since === undefined) {
    const { files, hasMore } = await mailboxes.listFiles(mailbox.id, { after, limit });
    const last = files.at(-1);
    return { files, next: hasMore && last ? { ...query, after: last.name } : undefined };
  }
  const page = { since, after: cursor === undefined ? undefined : fromCursor(cursor), limit };
  const { files, hasMore } = await mailboxes.listChangedFiles(mailbox.id, page);
  const last = files.at(-1);
  return {
    files,
    next: hasMore && last ? { ...query, cursor: `${last.changedAt}-${last.name}` } : undefined,
  };
}

function fromCursor(cursor: string): { changedAt: number; name: FileName } {
  const [changedAt = '', name = ''] = cursor.split('-');
  return { changedAt: Number(changedAt), name: parseFileName(name) };
}

function toHref(mailbox: Mailbox, query: Query): string {
  const parameters = new URLSearchParams();
  if (query.after !== undefined) parameters.set('after', query.after);
  const since = query['changed-since'];
  if (since !== undefined) parameters.set('changed-since', toIsoText(since));
  if (query.cursor !== undefined) parameters.set('cursor', query.cursor);
  parameters.set('limit', String(query.limit));
  return `${toMailboxHref(mailbox)}?${parameters}`;
}

function sendJson(
  ctx: ServerContext,
  mailbox: Mailbox,
  page: Page,
  query: Query,
  next: string | undefined,
): void {
  const href = toMailboxHref(mailbox);
  const since = query['changed-since'];
  const changedTo = since === undefined ? null : toIsoText(page.files.at(-1)?.changedAt ?? since);
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify({
    mailbox: mailbox.name,
    files: page.files.map((file) => toFileEntry(href, file)),
    changedTo,
    next: next ?? null,
  });
}

/**
 * The index, page by page, so that neither memory nor other readers feel a large directory. Mirroring programs do
 * not follow pages, so it goes on to the end unless a limit was asked for.
 */
async function* toIndex(
  deps: Deps,
  mailbox: Mailbox,
  query: Query,
  isLimited: boolean,
): AsyncGenerator<string> {
  yield toIndexStart(mailbox);
  let next: Query | undefined = isLimited ? query : { ...query, limit: indexPage };
  for (let count = 0; next !== undefined && count < maxIndex; ) {
    const page: Page = await listPage(deps.mailboxes, mailbox, next);
    yield toIndexRows(page.files);
    count += page.files.length;
    next = page.next;
    if (isLimited) break;
  }
  yield toIndexEnd(next && toHref(mailbox, next), deps.support);
}
