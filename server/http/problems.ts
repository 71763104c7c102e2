import type { Middleware } from 'koa';
import { MdmaError } from '../../storage/model/errors.ts';
import { type Problem, problemKinds, toInternalProblem, toProblem } from '../problem.ts';
import type { ServerContext, ServerState } from './context.ts';
import { hasBody } from './has-body.ts';
import { html } from './html.ts';
import { type SupportContact, sendPage } from './page.ts';

/**
 * Turns whatever is thrown into a problem document (RFC 9457), as a page for those who prefer one. Once headers are
 * out an error can only cut the connection, so that no client takes the part for the whole (ruling 19).
 */
export function answerProblems(deps: { support: readonly SupportContact[] }): Middleware<ServerState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answerProblem(ctx, error, deps.support);
    }
  };
}

/** Answers with the problem document of `error`; also what Koa's own `onerror` is replaced by. */
export function answerProblem(ctx: ServerContext, error: unknown, support: readonly SupportContact[]): void {
  const { record } = ctx.state;
  const isOurs = error instanceof MdmaError;
  record.outcome = isOurs ? error.code : 'internal';
  if (!isOurs || problemKinds[error.code].status >= 500) record.error = error;
  if (ctx.headerSent || !ctx.writable) {
    ctx.respond = false;
    ctx.req.socket.destroy();
    return;
  }
  const problem = isOurs ? toProblem(error, record.id) : toInternalProblem(record.id);
  ctx.status = problem.status;
  setProblemHeaders(ctx, isOurs ? error : undefined);
  if (ctx.accepts('application/problem+json', 'json', 'html') === 'html') {
    sendPage(ctx, { title: problem.title, content: toContent(problem), support });
  } else {
    ctx.body = JSON.stringify({ ...problem, support });
    ctx.type = 'application/problem+json';
  }
  // The rest of a refused body is not waited for; `lingerOnClose` sees to it that the answer arrives all the same.
  if (hasBody(ctx.req) && !ctx.req.complete) ctx.set('Connection', 'close');
}

function setProblemHeaders(ctx: ServerContext, error: MdmaError | undefined): void {
  ctx.set('Cache-Control', 'no-store');
  if (error?.code === 'unauthenticated') ctx.set('WWW-Authenticate', 'Bearer realm="mdma"');
  if (error?.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(error.retryAfterSeconds));
}

interface Line {
  readonly at?: string;
  readonly line?: number;
  readonly field?: string;
  readonly code?: string;
  readonly value?: string;
  readonly text?: string;
  readonly expected?: string;
  readonly message?: string;
}

function toContent(problem: Problem) {
  const faults = (problem.faults ?? []) as readonly Line[];
  const items = faults.map((fault) => {
    const place = fault.at ?? `line ${fault.line}, ${fault.field} (${fault.code})`;
    const words = fault.message ?? `expected ${fault.expected}`;
    return html`<li>${place}: <code>${fault.value ?? fault.text ?? ''}</code> ${words}</li>\n`;
  });
  return html`<p>${problem.detail}</p>
${items.length > 0 && html`<ul>\n${items}</ul>\n`}
<p>Request <code>${problem.instance}</code>, status ${problem.status}.</p>
`;
}
