import type { Middleware } from 'koa';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerState } from './context.ts';

/**
 * Refuses to change anything at the bidding of another site: a browser sends its certificate along whoever made it
 * ask (ruling 17). Programs send neither header and pass.
 */
export const checkOrigin: Middleware<ServerState> = (ctx, next) => {
  const { method, headers } = ctx.req;
  if (method === 'GET' || method === 'HEAD') return next();
  const site = headers['sec-fetch-site'];
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const isForeignOrigin = headers.origin !== undefined && headers.origin !== `https://${headers.host}`;
  if (isForeignSite || isForeignOrigin) {
    throw new MdmaError(
      'not-allowed',
      'Cannot change anything: the request was made by a page of another site',
    );
  }
  return next();
};
