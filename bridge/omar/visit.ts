import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Answer, Connector, Exchange, ExchangeLimits, ExchangeRequest } from '../https/connection.ts';
import { isMaintenancePage } from '../https/maintenance-page.ts';
import { findRetryAfterMs } from '../https/retry-after.ts';
import { type Reading, toText } from '../https/text.ts';
import { toUnrecognised } from '../https/unrecognised.ts';
import type { PageKind, Unavailable, Unrecognised } from './outcomes.ts';
import { isLoginPage } from './pages/login-page.ts';
import { type CookieStyle, findSessionCookie } from './session.ts';

/** The answer was that there is no session: what was asked for has not been done. */
export interface SessionEnded {
  readonly kind: 'session-ended';
  readonly why: string;
}

/** One connection under one session. */
export interface Visit {
  readonly cookie: string;
  ask(request: ExchangeRequest): Promise<Exchange>;
  /** Reads one page; `read` only when `parse` understood it. */
  read<T>(
    pageKind: PageKind,
    path: string,
    parse: (html: string) => Reading<T>,
  ): Promise<{ readonly kind: 'read'; readonly value: T } | SessionEnded | Unavailable | Unrecognised>;
}

export interface VisitSettings {
  readonly connector: Connector;
  readonly clock: Clock;
  readonly cookieStyle: CookieStyle;
  readonly requestTimeoutMs: number;
}

/**
 * Does `act` under a session: the one of `cookie` if given, else a new one. When the session turns out to have ended,
 * once more from the start under a new one; when that ends too, `session-ended`.
 *
 * @param limits one end for all the requests together, as an upload has; without it each has its own time
 */
export async function onSession<T extends { readonly kind: string }>(
  settings: VisitSettings,
  cookie: string | undefined,
  act: (visit: Visit) => Promise<T | SessionEnded>,
  limits?: ExchangeLimits,
): Promise<T | SessionEnded | Unavailable | Unrecognised> {
  const first = await visitOnce(settings, cookie, act, limits);
  return first.kind === 'session-ended' ? visitOnce(settings, undefined, act, limits) : first;
}

async function visitOnce<T extends { readonly kind: string }>(
  settings: VisitSettings,
  known: string | undefined,
  act: (visit: Visit) => Promise<T | SessionEnded>,
  limits: ExchangeLimits | undefined,
): Promise<T | SessionEnded | Unavailable | Unrecognised> {
  const connection = settings.connector.open();
  const ask = (request: ExchangeRequest) =>
    connection.exchange(request, limits ?? { signal: AbortSignal.timeout(settings.requestTimeoutMs) });
  try {
    const session = known === undefined ? await logIn(ask, settings) : known;
    return typeof session === 'string' ? await act(toVisit(session, ask, settings)) : session;
  } finally {
    await connection.close();
  }
}

/** `GET /fr_top.jsp` (submission specification, 3.1.1.2). */
async function logIn(
  ask: (request: ExchangeRequest) => Promise<Exchange>,
  { cookieStyle, clock }: VisitSettings,
): Promise<string | Unavailable | Unrecognised> {
  const exchange = await ask({ method: 'GET', path: '/fr_top.jsp', headers: {} });
  if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
  const { answer } = exchange;
  const cookie = findSessionCookie(answer, cookieStyle);
  if (answer.httpStatus < 400 && cookie !== undefined) return cookie;
  const html = toText(answer.bytes);
  if (answer.httpStatus === 401 || isLoginPage(html)) {
    return { kind: 'unavailable', why: 'no session is given to this certificate' };
  }
  return findUnavailable(answer, html, clock.now()) ?? toUnrecognised('session', answer, 'no session cookie');
}

function toVisit(
  cookie: string,
  ask: (request: ExchangeRequest) => Promise<Exchange>,
  { clock }: VisitSettings,
): Visit {
  const askInSession = (request: ExchangeRequest) =>
    ask({ ...request, headers: { ...request.headers, cookie } });
  return {
    cookie,
    ask: askInSession,
    read: async (pageKind, path, parse) => {
      const exchange = await askInSession({ method: 'GET', path, headers: {} });
      if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
      return readPage(pageKind, exchange.answer, clock.now(), parse);
    },
  };
}

/**
 * What a page under a session says; `read` only when `parse` understood it.
 *
 * @param now of the answer
 */
export function readPage<T>(
  pageKind: PageKind,
  answer: Answer,
  now: Instant,
  parse: (html: string) => Reading<T>,
): { readonly kind: 'read'; readonly value: T } | SessionEnded | Unavailable | Unrecognised {
  const html = toText(answer.bytes);
  if (answer.httpStatus === 401 || (answer.httpStatus >= 300 && answer.httpStatus <= 399)) {
    return { kind: 'session-ended', why: `HTTP ${answer.httpStatus}` };
  }
  const reading = answer.httpStatus < 300 ? parse(html) : { why: `HTTP ${answer.httpStatus}` };
  if ('found' in reading) return { kind: 'read', value: reading.found };
  if (isLoginPage(html)) return { kind: 'session-ended', why: 'the log-in page' };
  return findUnavailable(answer, html, now) ?? toUnrecognised(pageKind, answer, reading.why);
}

/** For pages that were only read: whether the ISO says that it cannot for now, and how long it wants to be left alone. */
export function findUnavailable(answer: Answer, html: string, now: Instant): Unavailable | undefined {
  const { httpStatus } = answer;
  if (httpStatus !== 429 && httpStatus < 500) {
    return isMaintenancePage(html) ? { kind: 'unavailable', why: 'a maintenance page' } : undefined;
  }
  const waitMs = findRetryAfterMs(answer, now);
  return { kind: 'unavailable', why: `HTTP ${httpStatus}`, ...(waitMs !== undefined && { waitMs }) };
}
