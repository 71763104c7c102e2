import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { createOmarApplication, type OmarApplicationParts } from './application.ts';
import type { DownloadedFile } from './download.ts';
import type { OmarFault, OmarFaultMenu, OmarFaultName, OmarRequestKind } from './faults.ts';
import * as pages from './pages.ts';
import { createSessions } from './sessions.ts';

export interface OmarSiteParts extends OmarApplicationParts {
  readonly menu: OmarFaultMenu;
  /** What a request without a session gets. */
  readonly withoutSession: 'page' | 'unauthorized' | 'redirect';
  /** Aborted when the run ends. */
  readonly stopping: AbortSignal;
}

const kinds: Readonly<Record<string, OmarRequestKind>> = {
  '/fr_top.jsp': 'session',
  '/uploadProcess.jsp': 'upload',
  '/viewSubmittedDataDetails.jsp': 'status',
  '/viewFileErrors.jsp': 'errors',
};

/** What faults that keep a request from being carried out answer. */
const refusals: readonly {
  readonly fault: OmarFaultName;
  readonly status: number;
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}[] = [
  { fault: 'maintenance', status: 200, html: pages.maintenancePage },
  { fault: 'busy', status: 503, html: pages.busyPage, headers: { 'retry-after': '120' } },
  { fault: 'forbidden', status: 403, html: pages.forbiddenPage },
  { fault: 'not-found', status: 404, html: pages.notFoundPage },
  { fault: 'policy-429', status: 429, html: pages.policyPage },
  { fault: 'policy-200', status: 200, html: pages.policyPage },
];

/** What faults that change only the look of an answer make of it. */
const looks: readonly { readonly fault: OmarFaultName; readonly change: (html: string) => string }[] = [
  { fault: 'unknown-page', change: () => pages.unknownPage },
  { fault: 'duplicate-rows', change: pages.toDoubled },
  { fault: 'new-layout', change: pages.toNewLayout },
  { fault: 'damaged-html', change: pages.toDamaged },
];

/** Enough for a form of a file that is too large, so that it gets its error page; the rest is cut. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * The HTTP surface: sessions, addresses and the faults to order around the application. The listener it serves must
 * demand a client certificate; its subject is who the files belong to.
 */
export function createOmarSite(parts: OmarSiteParts): RequestListener {
  const { menu, withoutSession, stopping } = parts;
  const sessions = createSessions();
  const application = createOmarApplication(parts);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = parseTarget(request.url ?? '');
    const owner = (request.socket as TLSSocket).getPeerX509Certificate()?.subject;
    if (owner === undefined) throw new Error('a connection without a client certificate');
    const body = await readBody(request);
    const kind = path === parts.download?.path ? 'download' : kinds[path];
    if (kind === undefined) return answer(response, path === '/' ? 200 : 404, pages.topPage);
    const faults = new Map(menu.take(kind).map((each) => [each.fault, each]));
    const pause = async (fault: OmarFault['fault']) => {
      const ms = faults.get(fault)?.delayMs;
      if (ms !== undefined) await delay(ms, undefined, { signal: stopping });
    };
    await pause('late-accept');
    if (faults.has('session-death')) sessions.endAll(owner);
    if (faults.has('cut-before-accept')) return void request.socket.destroy();
    const refusal = refusals.find(({ fault }) => faults.has(fault));
    if (refusal !== undefined) return answer(response, refusal.status, refusal.html, refusal.headers);
    const session = sessions.find(request.headers.cookie, owner);
    if (kind !== 'session' && session === undefined) return refuse(response, withoutSession);
    const found =
      kind === 'session' || session === undefined
        ? pages.topPage
        : application[kind]({
            session,
            method: request.method ?? '',
            contentType: request.headers['content-type'] ?? '',
            query,
            body,
            faults,
          });
    if (faults.has('cut-after-accept')) return void request.socket.destroy();
    if (faults.has('lost-answer')) return;
    await pause('slow');
    if (typeof found !== 'string' && !faults.has('unknown-page')) return answerFile(response, found, faults);
    const shown = looks
      .filter(({ fault }) => faults.has(fault))
      .reduce((page, { change }) => change(page), typeof found === 'string' ? found : '');
    const cookies = kind === 'session' ? { 'set-cookie': [...sessions.begin(owner)] } : {};
    answer(response, 200, shown, cookies);
  }

  return (request, response) => {
    handle(request, response).catch((error: Error) => {
      response.destroy();
      // A client that went away, or the end of the run, is no fault of this program; anything else is.
      if (request.complete && !stopping.aborted) throw error;
    });
  };
}

/** The status specification prints one address with a blank before the question mark (3.1): both forms are taken. */
function parseTarget(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return { path: path.replace(/(%20|\+)$/, ''), query: at < 0 ? '' : target.slice(at + 1) };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new Error(`a request over ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'text/html',
    'content-length': Buffer.byteLength(html),
    ...headers,
  });
  response.end(html);
}

function answerFile(
  response: ServerResponse,
  { contentType, name, bytes }: DownloadedFile,
  faults: ReadonlyMap<OmarFault['fault'], OmarFault>,
): void {
  response.writeHead(200, {
    'content-type': contentType,
    'content-length': bytes.length,
    'content-disposition': `attachment; filename="${name}"`,
  });
  if (!faults.has('cut-midway')) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

function refuse(response: ServerResponse, how: 'page' | 'unauthorized' | 'redirect'): void {
  if (how === 'redirect') answer(response, 302, '', { location: '/fr_top.jsp' });
  else answer(response, how === 'page' ? 200 : 401, pages.loginPage);
}
