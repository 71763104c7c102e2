import type Router from '@koa/router';
import { MdmaError, toInvalid } from '../../storage/model/errors.ts';
import { type ExpectedBody, type PostFileDeps, type PostRequest, postFile } from '../../storage/post-file.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { negotiate } from '../http/negotiate.ts';
import { type SupportContact, sendPage } from '../http/page.ts';
import { acceptBody, type Pace, readBody } from '../http/read-body.ts';
import { validate } from '../http/validate.ts';
import type { Metrics } from '../metrics.ts';
import type { PostingActivity } from './activity.ts';
import { findExpectedDigest } from './expected-digest.ts';
import { type IsoAccount, idempotencyKeySchema, type Parameters, toPostRequest } from './parameters.ts';
import { postEndpoint, postFormEndpoint } from './post-endpoint.ts';
import { parseForm } from './post-form.ts';
import { toPostingEntry } from './posting-entry.ts';
import { toPostedContent } from './posting-page.ts';

export interface PostDeps extends PostFileDeps {
  readonly isoAccounts: readonly IsoAccount[];
  readonly activity: PostingActivity;
  readonly metrics: Pick<Metrics, 'countPosting'>;
  readonly pace: Pace;
  readonly support: readonly SupportContact[];
}

/**
 * `POST /postings`: the body is the file, or a form that holds it (POST-1). Whatever can be refused without the file
 * is refused before the client is told to send it.
 */
export function addPost(router: Router<ServerState>, deps: PostDeps): void {
  addEndpoint(router, postFormEndpoint, async (ctx) => {
    const sha256 = findExpectedDigest(ctx.req.headers);
    refuseEarly(deps, ctx);
    acceptBody(ctx);
    await parseForm(ctx, deps, async ({ key, parameters, body }) => {
      const request = await prepare(deps, ctx, parameters, toFormKey(ctx, key));
      await post(deps, ctx, request, body, { bytes: undefined, sha256 });
    });
  });
  addEndpoint(router, postEndpoint, async (ctx, { query }) => {
    const sha256 = findExpectedDigest(ctx.req.headers);
    const bytes = refuseEarly(deps, ctx);
    const request = await prepare(deps, ctx, query, findKey(ctx));
    acceptBody(ctx);
    await post(deps, ctx, request, readBody(ctx.req, deps.pace), { bytes, sha256 });
  });
}

/**
 * Refuses what the headers alone rule out.
 *
 * @returns the length of the body, where it is declared
 */
function refuseEarly(deps: PostDeps, ctx: ServerContext): number | undefined {
  negotiate(ctx, 'json', 'html');
  deps.clockWatch?.demand('Cannot post');
  const coding = ctx.get('Content-Encoding');
  if (coding !== '' && coding !== 'identity') {
    throw new MdmaError(
      'unknown-format',
      `Cannot post: the body is coded (${coding}); send the file as it is`,
    );
  }
  const { maxBytes } = deps.limits;
  const declared = ctx.req.headers['content-length'];
  const bytes = declared === undefined ? undefined : Number(declared);
  if (bytes !== undefined && bytes > maxBytes) {
    throw new MdmaError('too-large', `Cannot post: the body is larger than ${maxBytes} bytes`, {
      members: { maxBytes },
    });
  }
  return bytes;
}

/** As it was sent: a key that is empty is a mistake, not none. */
function findKey(ctx: ServerContext): string | undefined {
  return ctx.req.headers['idempotency-key'] as string | undefined;
}

/** A form's key stands in its field, which a page can fill in, or in the header, as with a raw post. */
function toFormKey(ctx: ServerContext, field: string | undefined): string | undefined {
  const header = findKey(ctx);
  if (field === undefined || header === undefined || field === header) return field ?? header;
  throw toInvalid('Cannot post', {
    at: 'idempotency-key',
    value: field,
    expected: 'the same key as the Idempotency-Key header',
  });
}

function prepare(
  deps: PostDeps,
  ctx: ServerContext,
  parameters: Parameters,
  key: string | undefined,
): Promise<PostRequest> {
  const { isoAccounts, catalogue } = deps;
  const checkedKey = validate(idempotencyKeySchema, { 'Idempotency-Key': key }, 'Cannot post')[
    'Idempotency-Key'
  ];
  return toPostRequest(
    { isoAccounts, mailboxes: catalogue.mailboxes },
    getReader(ctx),
    parameters,
    checkedKey,
  );
}

async function post(
  deps: PostDeps,
  ctx: ServerContext,
  request: PostRequest,
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedBody,
): Promise<void> {
  try {
    const { posting, isReplay, faults } = await deps.activity.track(() =>
      postFile(deps, request, body, expected),
    );
    deps.metrics.countPosting(isReplay ? 'replayed' : 'posted', posting.bytes);
    const entry = { ...toPostingEntry(posting), warnings: [...faults] };
    ctx.status = isReplay ? 200 : 201;
    if (isReplay) ctx.set('Idempotency-Replayed', 'true');
    else ctx.set('Location', entry.href);
    if (negotiate(ctx, 'json', 'html') === 'json') ctx.body = entry;
    else {
      const title = `Posted as transaction ${posting.transaction}`;
      sendPage(ctx, { title, content: toPostedContent(entry), support: deps.support });
    }
  } catch (error) {
    deps.metrics.countPosting('refused', 0);
    throw error;
  }
}
