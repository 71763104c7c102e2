import type Router from '@koa/router';
import type { Forwardings } from '../../storage/ports/forwardings.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import type { Pace } from '../http/read-body.ts';
import { readForm } from '../http/read-form.ts';
import { releaseStopEndpoint, stopsEndpoint, toStopEntry } from './stops-endpoints.ts';
import { toStopsContent } from './stops-page.ts';
import { actSchema } from './submissions-endpoints.ts';

interface Deps {
  readonly forwardings: Pick<Forwardings, 'listStops' | 'releaseStop'>;
  readonly pace: Pace;
  readonly support: readonly SupportContact[];
}

/** `GET /stops`, `POST /stops/{id}/release`: work for the ISO that stands still, and how staff free it (invariant 10). */
export function addStops(router: Router<ServerState>, deps: Deps): void {
  const { forwardings, pace } = deps;
  addEndpoint(router, stopsEndpoint, (ctx) => show(ctx, deps, negotiate(ctx, 'html', 'json')));
  addEndpoint(router, releaseStopEndpoint, async (ctx, { params: { id } }) => {
    const form = negotiate(ctx, 'html', 'json');
    const { reason } = await readForm(ctx, actSchema, { action: `Cannot release stop ${id}`, pace });
    await forwardings.releaseStop(id, getReader(ctx).name, reason);
    await show(ctx, deps, form);
  });
}

async function show(
  ctx: ServerContext,
  { forwardings, support }: Deps,
  form: 'html' | 'json',
): Promise<void> {
  const stops = (await forwardings.listStops(undefined)).map(toStopEntry);
  if (form === 'json') ctx.body = { stops };
  else sendPage(ctx, { title: 'Stopped work for the ISO', content: toStopsContent(stops), support });
}
