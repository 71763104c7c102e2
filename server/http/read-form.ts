import { koaBody } from 'koa-body';
import type { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerContext } from './context.ts';
import { acceptBody, type Pace, watchPace } from './read-body.ts';
import { validate } from './validate.ts';

const maxBytes = 16_384;

const parse = koaBody({
  json: true,
  urlencoded: true,
  text: false,
  multipart: false,
  jsonLimit: maxBytes,
  formLimit: maxBytes,
});

/**
 * A small body, JSON or a page's form, checked against `schema`.
 *
 * @throws `unknown-format` when it is neither, `too-large`, `request-timeout`, or `invalid-request` with every fault
 */
export async function readForm<S extends z.ZodType>(
  ctx: ServerContext,
  schema: S,
  options: { action: string; pace: Pace },
): Promise<z.output<S>> {
  const { action, pace } = options;
  if (!ctx.is('json', 'urlencoded') || ctx.get('Content-Encoding') !== '') {
    throw new MdmaError(
      'unknown-format',
      `${action}: the body must be application/json or application/x-www-form-urlencoded, not compressed`,
    );
  }
  acceptBody(ctx);
  let stop: () => void = () => undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    stop = watchPace(ctx.req, pace, () => !ctx.req.isPaused(), reject);
  });
  try {
    await Promise.race([parse(ctx, () => Promise.resolve()), tooSlow]);
  } catch (error) {
    throw error instanceof MdmaError ? error : toRefusal(error, action);
  } finally {
    stop();
  }
  return validate(schema, ctx.request.body, action);
}

/** The parser's errors carry a status; anything else is ours. */
function toRefusal(error: unknown, action: string): unknown {
  const status = (error as { status?: unknown }).status;
  if (status === 413) {
    return new MdmaError('too-large', `${action}: the body is larger than ${maxBytes} bytes`, {
      cause: error,
    });
  }
  if (status === 400) {
    return new MdmaError('invalid-request', `${action}: the body cannot be read`, { cause: error });
  }
  return error;
}
