import type Router from '@koa/router';
import { MdmaError } from '../../storage/model/errors.ts';
import { type MappingAccount, parseAccount, parseChange } from '../../storage/model/resource.ts';
import type { Resources } from '../../storage/ports/resources.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { toNotFound } from '../http/not-found.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import type { Pace } from '../http/read-body.ts';
import { readForm } from '../http/read-form.ts';
import { toResourceEntry, toVersionsEntry } from './resource-entry.ts';
import { toResourceContent, toResourcesContent } from './resource-page.ts';
import {
  changeResourceEndpoint,
  changeSchema,
  endResourceEndpoint,
  endSchema,
  mapResourceEndpoint,
  mapSchema,
  resourceEndpoint,
  resourcesEndpoint,
} from './resources-endpoints.ts';

interface Deps {
  readonly resources: Pick<
    Resources,
    'listResources' | 'listVersions' | 'mapResource' | 'changeResource' | 'endResource'
  >;
  readonly isoAccounts: readonly MappingAccount[];
  readonly pace: Pace;
  readonly support: readonly SupportContact[];
}

/** `GET /resources…`: which meter is which resource of the ISO. */
export function addResources(router: Router<ServerState>, deps: Deps): void {
  const { resources, isoAccounts, support } = deps;
  addEndpoint(router, resourcesEndpoint, async (ctx, { query }) => {
    const { meter, account, after: afterId, limit } = query;
    const after = afterId === undefined ? undefined : (await resources.listVersions(afterId)).at(-1);
    if (afterId !== undefined && after === undefined) throw toNotFound();
    const found = await resources.listResources({ meter, account, after, limit: limit + 1 });
    const entries = found.slice(0, limit).map(toResourceEntry);
    const last = entries.at(-1);
    const next = found.length > limit && last ? toHref(query, last.id) : null;
    if (next !== null) ctx.set('Link', `<${next}>; rel="next"`);
    if (negotiate(ctx, 'html', 'json') === 'json') ctx.body = { resources: entries, next };
    else {
      const content = toResourcesContent(entries, next, isoAccounts);
      sendPage(ctx, { title: 'Resources of the ISO', content, support });
    }
  });
  addEndpoint(router, resourceEndpoint, (ctx, { params }) => show(ctx, deps, params.id));
}

/** `POST /resources`, `…/change`, `…/end`: staff map meters, with a reason that stays on record. */
export function addResourceActs(router: Router<ServerState>, deps: Deps): void {
  const { resources, isoAccounts, pace } = deps;
  addEndpoint(router, mapResourceEndpoint, async (ctx) => {
    negotiate(ctx, 'html', 'json');
    const action = 'Cannot map the meter';
    const { reason, channel, isoUnit, direction, effectiveTo, ...asked } = await readForm(ctx, mapSchema, {
      action,
      pace,
    });
    const mapping = {
      ...asked,
      way: parseAccount({ ...asked, ...(isoUnit !== undefined && { isoUnit }) }, isoAccounts, action),
      ...(channel !== undefined && { channel }),
      ...(isoUnit !== undefined && { isoUnit }),
      ...(direction !== undefined && { direction }),
      ...(effectiveTo !== undefined && { effectiveTo }),
    };
    const { id } = await resources.mapResource(mapping, { by: getReader(ctx).name, reason });
    await show(ctx, deps, id);
  });
  addEndpoint(router, changeResourceEndpoint, async (ctx, { params: { id } }) => {
    negotiate(ctx, 'html', 'json');
    const action = `Cannot change mapping ${id}`;
    const { reason, from, ...asked } = await readForm(ctx, changeSchema, { action, pace });
    const now = (await resources.listVersions(id)).at(-1);
    if (now === undefined) throw toNotFound();
    if (Object.values(asked).every((value) => value === undefined)) {
      throw new MdmaError('invalid-request', `${action}: nothing of it is to be changed`);
    }
    const change = parseChange(now, toGiven(asked), isoAccounts, action);
    const changed = await resources.changeResource(id, change, from, { by: getReader(ctx).name, reason });
    await show(ctx, deps, changed.id);
  });
  addEndpoint(router, endResourceEndpoint, async (ctx, { params: { id } }) => {
    negotiate(ctx, 'html', 'json');
    const { on, reason } = await readForm(ctx, endSchema, { action: `Cannot end mapping ${id}`, pace });
    await resources.endResource(id, on, { by: getReader(ctx).name, reason });
    await show(ctx, deps, id);
  });
}

/** Only what was given. */
function toGiven<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

async function show(
  ctx: ServerContext,
  { resources, isoAccounts, support }: Deps,
  id: number,
): Promise<void> {
  const form = negotiate(ctx, 'html', 'json');
  const versions = await resources.listVersions(id);
  if (versions.length === 0) throw toNotFound();
  const entry = toVersionsEntry(id, versions);
  if (form === 'json') ctx.body = entry;
  else sendPage(ctx, { title: `Mapping ${id}`, content: toResourceContent(entry, isoAccounts), support });
}

function toHref(
  { meter, account, limit }: { meter?: string | undefined; account?: string | undefined; limit: number },
  after: number,
): string {
  const parameters = new URLSearchParams();
  if (meter !== undefined) parameters.set('meter', meter);
  if (account !== undefined) parameters.set('account', account);
  parameters.set('after', String(after));
  parameters.set('limit', String(limit));
  return `/resources?${parameters}`;
}
