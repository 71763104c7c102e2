import type Router from '@koa/router';
import type { z } from 'zod';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Forwardings } from '../../storage/ports/forwardings.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { toNotFound } from '../http/not-found.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import type { Pace } from '../http/read-body.ts';
import { readForm } from '../http/read-form.ts';
import { toForwardingEntry, toHistoryEntry } from './submission-entry.ts';
import { toSubmissionContent, toSubmissionsContent } from './submission-page.ts';
import {
  actSchema,
  closeEndpoint,
  holdEndpoint,
  holdSchema,
  retryEndpoint,
  submissionEndpoint,
  submissionsEndpoint,
} from './submissions-endpoints.ts';

interface Deps {
  readonly forwardings: Pick<
    Forwardings,
    'listForwardings' | 'findForwarding' | 'listErrors' | 'setHold' | 'retryForwarding' | 'closeForwarding'
  >;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly support: readonly SupportContact[];
}

/** `GET /submissions…`: what became of postings at the ISO, and what staff can do about it. */
export function addSubmissions(router: Router<ServerState>, deps: Deps): void {
  const { forwardings, support } = deps;
  addEndpoint(router, submissionsEndpoint, async (ctx, { query }) => {
    const { state, transaction, attention, before, limit } = query;
    const needsAttention = attention === 'true';
    const page = await forwardings.listForwardings({ state, transaction, needsAttention, before, limit });
    const entries = page.forwardings.map(toForwardingEntry);
    const last = entries.at(-1);
    const next = page.hasMore && last ? toHref(query, last.id) : null;
    if (next !== null) ctx.set('Link', `<${next}>; rel="next"`);
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = { forwardings: entries, next };
    else
      sendPage(ctx, {
        title: 'Submissions to the ISO',
        content: toSubmissionsContent(entries, next),
        support,
      });
  });
  addEndpoint(router, submissionEndpoint, (ctx, { params }) => show(ctx, deps, params.id));
}

/** `POST …/retry`, `…/hold`, `…/close`: staff step in, with a reason that stays on record. */
export function addSubmissionActs(router: Router<ServerState>, deps: Deps): void {
  const { forwardings, clock } = deps;
  addEndpoint(router, retryEndpoint, async (ctx, { params: { id } }) => {
    const { reason } = await readAct(ctx, actSchema, deps, `Cannot retry forwarding ${id}`);
    await forwardings.retryForwarding(id, clock.now(), getReader(ctx).name, reason);
    await show(ctx, deps, id);
  });
  addEndpoint(router, holdEndpoint, async (ctx, { params: { id } }) => {
    const { reason, hold } = await readAct(ctx, holdSchema, deps, `Cannot hold or release forwarding ${id}`);
    await forwardings.setHold(id, hold, getReader(ctx).name, reason);
    await show(ctx, deps, id);
  });
  addEndpoint(router, closeEndpoint, async (ctx, { params: { id } }) => {
    const { reason } = await readAct(ctx, actSchema, deps, `Cannot close forwarding ${id}`);
    await forwardings.closeForwarding(id, getReader(ctx).name, reason);
    await show(ctx, deps, id);
  });
}

/** Refuses an answer's form that there is none of, too: nothing may be done and then be answered 406. */
function readAct<S extends z.ZodType>(
  ctx: ServerContext,
  schema: S,
  { pace }: Deps,
  action: string,
): Promise<z.output<S>> {
  negotiate(ctx, 'html', 'json');
  return readForm(ctx, schema, { action, pace });
}

async function show(ctx: ServerContext, deps: Deps, id: number): Promise<void> {
  const form = negotiate(ctx, 'html', 'json');
  const forwarding = await deps.forwardings.findForwarding(id);
  if (forwarding === undefined) throw toNotFound();
  const entry = toHistoryEntry(forwarding, await deps.forwardings.listErrors(id));
  if (form === 'json') ctx.body = entry;
  else
    sendPage(ctx, { title: `Forwarding ${id}`, content: toSubmissionContent(entry), support: deps.support });
}

function toHref(query: z.output<typeof submissionsEndpoint.query>, before: number): string {
  const parameters = new URLSearchParams();
  if (query.state !== undefined) parameters.set('state', query.state);
  if (query.transaction !== undefined) parameters.set('transaction', String(query.transaction));
  if (query.attention !== undefined) parameters.set('attention', query.attention);
  parameters.set('before', String(before));
  parameters.set('limit', String(query.limit));
  return `/submissions?${parameters}`;
}
