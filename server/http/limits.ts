import type { Middleware } from 'koa';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerState } from './context.ts';
import { hasBody } from './has-body.ts';
import { toNotFound } from './not-found.ts';

const maxUrlLength = 8_192;
const maxHeaders = 100;

/**
 * Every address of ours is made of these segments alone, so whatever is spelled otherwise (per cent escapes, dot
 * segments, backslashes, double slashes, whole URLs) names nothing: it is refused before anything decodes it.
 */
const plainTarget = /^\/(?:[a-zA-Z0-9_-][a-zA-Z0-9._-]*\/)*(?:[a-zA-Z0-9_-][a-zA-Z0-9._-]*)?(?:\?|$)/;

/** Refuses what no honest client sends, before anybody is asked who they are. */
export const checkLimits: Middleware<ServerState> = (ctx, next) => {
  const { method, url = '', rawHeaders, headers, httpVersionMajor, httpVersionMinor } = ctx.req;
  if (httpVersionMajor !== 1) {
    throw new MdmaError('invalid-request', 'Cannot read request: it is not HTTP/1.1');
  }
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersionMinor > 0)) {
    throw new MdmaError('invalid-request', `Cannot read headers: there are ${hosts} of the name Host, not 1`);
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    throw new MdmaError('expectation-failed', 'Cannot do what Expect asks for: only 100-continue is known');
  }
  if (url.length > maxUrlLength) {
    throw new MdmaError(
      'invalid-request',
      `Cannot read address: it is longer than ${maxUrlLength} characters`,
    );
  }
  if (rawHeaders.length > 2 * maxHeaders) {
    throw new MdmaError('invalid-request', `Cannot read headers: there are more than ${maxHeaders}`);
  }
  if (!plainTarget.test(url)) throw toNotFound();
  if ((method === 'GET' || method === 'HEAD') && hasBody(ctx.req)) {
    throw new MdmaError('invalid-request', `Cannot answer ${method}: the request has a body`);
  }
  return next();
};
