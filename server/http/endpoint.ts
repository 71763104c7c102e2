import type Router from '@koa/router';
import type { z } from 'zod';
import type { ErrorCode } from '../../storage/model/errors.ts';
import { MdmaError } from '../../storage/model/errors.ts';
import type { Role } from '../../storage/model/mailbox.ts';
import { getReader, type ServerContext, type ServerState } from './context.ts';
import { toNotFound } from './not-found.ts';
import { toRawQuery, validate } from './validate.ts';

/** The content of a request or an answer, by media type. */
export type Content = Readonly<Record<string, { readonly schema: z.ZodType; readonly example?: unknown }>>;

interface AnswerDescription {
  readonly description: string;
  readonly headers?: z.ZodObject;
  readonly content?: Content;
}

/**
 * One route as a declaration: what it checks is what the OpenAPI document says, because both read this.
 * `path` is written as OpenAPI writes it, `/mailboxes/{mailbox}/`.
 */
export interface Endpoint<P extends z.ZodObject = z.ZodObject, Q extends z.ZodObject = z.ZodObject> {
  readonly method: 'get' | 'put' | 'post';
  readonly path: string;
  readonly summary: string;
  /** Only for bodies of this media type; others go on to the next route of the same method and path. */
  readonly mediaType?: string;
  /** Who may use it; `anyone` needs not say who they are. */
  readonly roles: readonly Role[] | 'anyone';
  readonly params: P;
  readonly query: Q;
  readonly headers?: z.ZodObject;
  readonly body?: { readonly description: string; readonly content: Content };
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** The problems that are this route's own. */
  readonly problems: readonly ErrorCode[];
}

/** What a handler gets beside the context: what was asked, checked. */
export interface Asked<P extends z.ZodObject, Q extends z.ZodObject> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
}

/** Puts a route into the router: role, path, query are checked in this order before `handle` is called. */
export function addEndpoint<P extends z.ZodObject, Q extends z.ZodObject>(
  router: Router<ServerState>,
  endpoint: Endpoint<P, Q>,
  handle: (ctx: ServerContext, asked: Asked<P, Q>) => Promise<void> | void,
): void {
  const action = `Cannot ${endpoint.summary}`;
  router[endpoint.method](endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'), (ctx, next) => {
    if (endpoint.mediaType !== undefined && !ctx.is(endpoint.mediaType)) return next();
    ctx.state.record.pattern = endpoint.path;
    checkRole(ctx, endpoint, action);
    const params = endpoint.params.safeParse(ctx.params);
    if (!params.success) throw toNotFound();
    const query = validate(endpoint.query, toRawQuery(ctx.querystring), action);
    // What a certificate opens is nobody else's, and changes.
    if (endpoint.roles !== 'anyone') ctx.set('Cache-Control', 'private, no-cache');
    return handle(ctx, { params: params.data, query });
  });
}

function checkRole(ctx: ServerContext, endpoint: Endpoint, action: string): void {
  const { roles } = endpoint;
  if (roles === 'anyone' || roles.includes(getReader(ctx).role)) return;
  throw new MdmaError('not-allowed', `${action}: this is for ${roles.join(' and ')} only`);
}
