import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import { raise } from '../storage/model/alarms.ts';
import { MdmaError } from '../storage/model/errors.ts';
import type { PostFileDeps } from '../storage/post-file.ts';
import type { PartFormats } from '../storage/reconciliation/row.ts';
import { endpoints } from './endpoints.ts';
import { authenticate } from './http/authenticate.ts';
import type { ServerContext, ServerState } from './http/context.ts';
import { checkLimits } from './http/limits.ts';
import { toNotFound } from './http/not-found.ts';
import { checkOrigin } from './http/origin.ts';
import type { SupportContact } from './http/page.ts';
import { answerProblem, answerProblems } from './http/problems.ts';
import type { Pace } from './http/read-body.ts';
import { recordRequests } from './http/record.ts';
import { addDirectory } from './mailbox/directory.ts';
import { addDownload, downloadFirst } from './mailbox/download.ts';
import { addMailboxes } from './mailbox/mailboxes.ts';
import { addReceipt } from './mailbox/receipt.ts';
import { addRetrievals } from './mailbox/retrievals.ts';
import { Transfers } from './mailbox/transfers.ts';
import type { Metrics } from './metrics.ts';
import { addOpenApi } from './openapi/routes.ts';
import { addHome } from './pages/home.ts';
import type { PostingActivity } from './posting/activity.ts';
import type { IsoAccount } from './posting/parameters.ts';
import { addPost } from './posting/post.ts';
import { addPostings } from './posting/postings.ts';
import { addReconciliation } from './reconciliation/reconciliation.ts';
import { addResourceActs, addResources } from './resources/resources.ts';
import { addStops } from './submissions/stops.ts';
import { addSubmissionActs, addSubmissions } from './submissions/submissions.ts';

export interface ServerDeps extends PostFileDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly activity: PostingActivity;
  readonly isoAccounts: readonly IsoAccount[];
  /** What parts are written in, for the reconciliation report. */
  readonly partFormats: PartFormats;
  readonly support: readonly SupportContact[];
  readonly pace: Pace;
  readonly nextRequestId: () => string;
}

export interface ServerApp {
  readonly koa: Koa<ServerState>;
  /** Resolves when the end of every transfer is on record; call when all connections are closed. */
  finish(): Promise<void>;
}

/** Puts the server together: middleware in the order of `ARCHITECTURE.md`, then the routes. It does not listen. */
export function createServerApp(deps: ServerDeps): ServerApp {
  const { catalogue, files, clock, logger, metrics, support } = deps;
  const transfers = new Transfers({
    retrievals: catalogue.retrievals,
    files,
    metrics,
    onError: (err) => raise(logger, 'error', 'the end of a retrieval could not be put on record', { err }),
  });
  const router = createRouter(deps, transfers);

  const koa = new Koa<ServerState>();
  koa.context.onerror = function onError(this: ServerContext, error: unknown) {
    if (error !== null && error !== undefined) answerProblem(this, error, support);
  };
  koa.use((ctx, next) => {
    transfers.settle(ctx.req.socket);
    return next();
  });
  koa.use(recordRequests(deps));
  koa.use(answerProblems({ support }));
  koa.use(checkLimits);
  koa.use(authenticate({ participants: catalogue.participants, clock, openPaths }));
  koa.use(checkOrigin);
  koa.use(downloadFirst({ mailboxes: catalogue.mailboxes, transfers }));
  koa.use(router.routes());
  koa.use((ctx) => refuseUnrouted(ctx, router));
  return { koa, finish: () => transfers.finish() };
}

function createRouter(deps: ServerDeps, transfers: Transfers): Router<ServerState> {
  const { catalogue, support } = deps;
  const { mailboxes, retrievals, postings, forwardings } = catalogue;
  const router = new Router<ServerState>({ strict: true, sensitive: true });
  addHome(router, { ...deps, mailboxes });
  addMailboxes(router, { mailboxes, support });
  addDirectory(router, { mailboxes, support });
  addRetrievals(router, { mailboxes, retrievals, support });
  addReceipt(router, { mailboxes, retrievals, pace: deps.pace });
  addDownload(router, { mailboxes, transfers });
  addPost(router, deps);
  addPostings(router, { postings, resources: catalogue.resources, support });
  addSubmissions(router, { ...deps, forwardings });
  addSubmissionActs(router, { ...deps, forwardings });
  addResources(router, { ...deps, resources: catalogue.resources });
  addResourceActs(router, { ...deps, resources: catalogue.resources });
  addReconciliation(router, deps);
  addStops(router, { ...deps, forwardings });
  addOpenApi(router, endpoints);
  return router;
}

const openPaths = new Set(endpoints.filter(({ roles }) => roles === 'anyone').map(({ path }) => path));

const withoutSlash = /^\/mailboxes(?:\/[a-z0-9._-]{1,32})?$/;

/** What no route took: a directory without its slash, another method, or nothing. None depends on what there is. */
function refuseUnrouted(ctx: ServerContext, router: Router<ServerState>): void {
  const { path, method } = ctx;
  if (withoutSlash.test(path) && (method === 'GET' || method === 'HEAD')) {
    ctx.status = 308;
    ctx.redirect(`${path}/${ctx.search}`);
    return;
  }
  const methods = [...new Set(router.match(path, method).path.flatMap((layer) => layer.methods))];
  if (methods.length === 0) throw toNotFound();
  ctx.set('Allow', methods.join(', '));
  throw new MdmaError('method-not-allowed', `Cannot ${method} here: there is ${methods.join(', ')}`);
}
