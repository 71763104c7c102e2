import type Router from '@koa/router';
import type { Postings } from '../../storage/ports/postings.ts';
import type { Resources } from '../../storage/ports/resources.ts';
import { getReader, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { toNotFound } from '../http/not-found.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import { toPostingEntry, toRefusalEntry } from './posting-entry.ts';
import { toPostingContent, toPostingsContent, toRefusalsContent } from './posting-page.ts';
import { postingEndpoint, postingsEndpoint, refusalsEndpoint } from './postings-endpoints.ts';

interface Deps {
  readonly postings: Pick<Postings, 'listPostings' | 'findPosting' | 'listRefusals'>;
  readonly resources: Pick<Resources, 'countUnmapped'>;
  readonly support: readonly SupportContact[];
}

/** `GET /postings`, `/postings/{transaction}` and `/refusals`, for those who post. */
export function addPostings(router: Router<ServerState>, deps: Deps): void {
  const { postings, support } = deps;
  addEndpoint(router, postingsEndpoint, async (ctx, { query }) => {
    const { before, limit } = query;
    const page = await postings.listPostings(getReader(ctx), { before, limit });
    const entries = page.postings.map(toPostingEntry);
    const last = entries.at(-1);
    const next = page.hasMore && last ? `/postings?before=${last.transaction}&limit=${limit}` : null;
    if (next !== null) ctx.set('Link', `<${next}>; rel="next"`);
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = { postings: entries, next };
    else sendPage(ctx, { title: 'Postings', content: toPostingsContent(entries, next), support });
  });
  addEndpoint(router, postingEndpoint, async (ctx, { params }) => {
    const posting = await postings.findPosting(getReader(ctx), params.transaction);
    if (posting === undefined) throw toNotFound();
    const unmapped = await deps.resources.countUnmapped(posting.transaction);
    const entry = { ...toPostingEntry(posting), unmapped };
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = entry;
    else
      sendPage(ctx, { title: `Transaction ${entry.transaction}`, content: toPostingContent(entry), support });
  });
  addEndpoint(router, refusalsEndpoint, async (ctx, { query }) => {
    const refusals = (await postings.listRefusals(getReader(ctx), query.limit)).map(toRefusalEntry);
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = { refusals };
    else sendPage(ctx, { title: 'Refused posts', content: toRefusalsContent(refusals), support });
  });
}
