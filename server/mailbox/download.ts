import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { MdmaError } from '../../storage/model/errors.ts';
import { type FileName, findFileName } from '../../storage/model/file-name.ts';
import { isMailboxName } from '../../storage/model/mailbox.ts';
import { toReprDigest } from '../../storage/model/sha256.ts';
import type { Mailboxes, ServableFile } from '../../storage/ports/mailboxes.ts';
import { getReader, type ServerContext, type ServerState } from '../http/context.ts';
import { addEndpoint } from '../http/endpoint.ts';
import { toNotFound } from '../http/not-found.ts';
import { toAddress } from '../http/record.ts';
import { downloadEndpoint } from './download-endpoint.ts';
import { type Representation, toRepresentation } from './representation.ts';
import type { Transfers } from './transfers.ts';

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'findMailbox' | 'findFile'>;
  readonly transfers: Transfers;
}

const filePath = /^\/mailboxes\/([a-z0-9._-]{1,32})\/(\d{12}\.dat)$/;

/**
 * `GET, HEAD /mailboxes/{mailbox}/{name}` ahead of the router: nine of ten requests are for a file, and only its one
 * exact spelling is one.
 */
export function downloadFirst(deps: Deps): Middleware<ServerState> {
  return (ctx, next) => {
    const { method, url = '' } = ctx.req;
    if (method !== 'GET' && method !== 'HEAD') return next();
    const [, mailbox, name] = filePath.exec(url) ?? [];
    if (mailbox === undefined || name === undefined) return next();
    ctx.state.record.pattern = downloadEndpoint.path;
    const fileName = findFileName(name);
    if (fileName === undefined) throw toNotFound();
    return download(deps, ctx, mailbox, fileName);
  };
}

/** The same file by way of the router: with a query, which is refused, or by another method. */
export function addDownload(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, downloadEndpoint, (ctx, { params }) =>
    download(deps, ctx, params.mailbox, params.name),
  );
}

async function download(deps: Deps, ctx: ServerContext, mailboxName: string, name: FileName): Promise<void> {
  const reader = getReader(ctx);
  const mailbox = isMailboxName(mailboxName)
    ? await deps.mailboxes.findMailbox(reader, mailboxName)
    : undefined;
  const file = mailbox && (await deps.mailboxes.findFile(mailbox.id, name));
  if (mailbox === undefined || file === undefined) throw toNotFound();
  refuseArchived(file);
  const chosen = toRepresentation(ctx.req.method, ctx.req.headers, file);
  if (chosen.status === 412) {
    throw new MdmaError('precondition-failed', `Cannot retrieve "${name}": it does not meet the conditions`);
  }
  if (chosen.status === 416) {
    ctx.set('Content-Range', `bytes */${file.bytes}`);
    throw new MdmaError(
      'range-not-satisfiable',
      `Cannot retrieve that range of "${name}": it has ${file.bytes} bytes`,
    );
  }
  const headers = toHeaders(file, chosen);
  ctx.respond = false;
  if (chosen.status === 304 || ctx.req.method === 'HEAD') {
    ctx.res.writeHead(chosen.status, headers).end();
    return;
  }
  try {
    await deps.transfers.send(ctx.res, {
      status: chosen.status,
      headers,
      root: file.root,
      key: chosen.key,
      bytes: chosen.bytes,
      range: chosen.range ?? { start: 0, end: chosen.bytes },
      opening: {
        mailboxId: mailbox.id,
        name,
        participant: reader,
        credential: ctx.state.credential ?? '',
        address: toAddress(ctx.req.socket),
        coding: chosen.coding,
        range: chosen.range,
      },
    });
  } catch (error) {
    ctx.respond = true;
    throw await toCause(deps, { mailboxId: mailbox.id, name, error });
  }
}

/** Bytes that are not where the row said: archived a moment ago, or lost; never an answer that says "not there". */
async function toCause(
  { mailboxes }: Deps,
  { mailboxId, name, error }: { mailboxId: number; name: FileName; error: unknown },
): Promise<unknown> {
  if (!(error instanceof MdmaError) || error.code !== 'not-found') return error;
  const file = await mailboxes.findFile(mailboxId, name);
  if (file !== undefined) refuseArchived(file);
  return new Error(`Cannot retrieve "${name}": its bytes are missing`, { cause: error });
}

function refuseArchived({ name, archivedAt }: ServableFile): void {
  if (archivedAt === null) return;
  throw new MdmaError('gone', `Cannot retrieve "${name}": it was archived`, {
    members: { archivedAt: new Date(archivedAt).toISOString() },
  });
}

/** Flat, because Node writes that fastest. A 304 says nothing of the length: it would be that of another answer. */
function toHeaders(file: ServableFile, chosen: Representation): string[] {
  const { status, coding, range, bytes } = chosen;
  const headers = [
    'ETag',
    chosen.etag,
    'Last-Modified',
    new Date(file.postedAt).toUTCString(),
    'Vary',
    'Accept-Encoding',
    'Cache-Control',
    'private, no-cache',
  ];
  if (status === 304) return headers;
  headers.push(
    'Content-Type',
    'application/octet-stream',
    'X-Content-Type-Options',
    'nosniff',
    'Repr-Digest',
    toReprDigest(chosen.sha256),
    'Content-Length',
    String(range === undefined ? bytes : range.end - range.start),
  );
  if (coding === 'identity') headers.push('Accept-Ranges', 'bytes');
  else headers.push('Content-Encoding', coding);
  if (range !== undefined) headers.push('Content-Range', `bytes ${range.start}-${range.end - 1}/${bytes}`);
  return headers;
}
