import { MdmaError, toInvalid } from '../../storage/model/errors.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { createConnector } from '../https/connection.ts';
import type { Reading } from '../https/text.ts';
import { type ClientCertificate, toSecureContext } from '../https/tls.ts';
import { download } from './download.ts';
import type { DownloadShape } from './download-shape.ts';
import type { OmarClient, OmarFile, OmarFileError, Unavailable } from './outcomes.ts';
import { parseFileErrors } from './pages/file-errors.ts';
import { parseStatusList } from './pages/status-list.ts';
import { type Paging, readPages } from './paging.ts';
import type { CookieStyle } from './session.ts';
import { toUploadOutcome } from './upload-outcome.ts';
import { toUploadRequest } from './upload-request.ts';
import { onSession, type SessionEnded, type VisitSettings } from './visit.ts';

export interface OmarClientSettings {
  /** Where OMAR-Online is: `https://omar-online.caiso.com`, `https://omar-onlinestage.caiso.com` or a simulator. */
  readonly url: string;
  readonly certificate: ClientCertificate;
  /** PEM of the authorities that may have signed the server's certificate; without it the roots Node trusts. */
  readonly authority?: Buffer;
  readonly connectTimeoutMs: number;
  /** For each page that is only read, from the connection to its last byte. */
  readonly requestTimeoutMs: number;
  /** For an upload with its connection, session and answer. */
  readonly uploadTimeoutMs: number;
  /** A list of more pages is given up as `incomplete`. */
  readonly maxPages: number;
  readonly cookieStyle: CookieStyle;
  readonly clock: Clock;
  /** How meter data is downloaded; it is not where it is left out. */
  readonly download?: DownloadShape | undefined;
}

/** Pages are a few kilobytes. */
const maxAnswerBytes = 4 * 1024 * 1024;

/**
 * The client of OMAR-Online for one ISO account (ruling 2), after the submission and status specifications. It keeps
 * nothing but the session that status questions share. An upload begins a session of its own, so that a dead session
 * or an application that is down shows before a byte of the file is sent; what pages does, because position and
 * filter stand in the session.
 *
 * @throws `invalid-request` for an address that is not https, or a certificate that cannot be used
 */
export function createOmarClient(settings: OmarClientSettings): OmarClient {
  const { clock, connectTimeoutMs, maxPages } = settings;
  const connector = createConnector({
    origin: parseOrigin(settings.url),
    secureContext: toSecureContext(settings.certificate, settings.authority),
    connectTimeoutMs,
    clock,
    maxAnswerBytes,
    end: /<\/html\s*>\s*$/i,
  });
  const visiting: VisitSettings = {
    connector,
    clock,
    cookieStyle: settings.cookieStyle,
    requestTimeoutMs: settings.requestTimeoutMs,
  };
  let statusCookie: string | undefined;
  return {
    async upload(name, bytes, deadlineAt) {
      const request = toUploadRequest(name, bytes);
      const now = clock.now();
      const leftMs = Math.floor(Math.min(settings.uploadTimeoutMs, deadlineAt - now));
      if (leftMs <= 0) return { kind: 'unavailable', why: 'the deadline was over before the upload began' };
      const limits = { signal: AbortSignal.timeout(leftMs), sendBeforeAt: now + leftMs };
      return onSession(
        visiting,
        undefined,
        async (visit) => toUploadOutcome(name, await visit.ask(request), clock.now()),
        limits,
      );
    },

    async status(fileId) {
      const path = `/viewSubmittedDataDetails.jsp?dir=START&userAction=Filter&searchChoice=FILE_ID&searchValue=${parseFileId(fileId)}`;
      const outcome = await onSession(visiting, statusCookie, (visit) => {
        statusCookie = visit.cookie;
        return visit.read('status', path, (html) => parseFilteredList(html, fileId));
      });
      if (outcome.kind !== 'read') return orUnavailable(outcome);
      return outcome.value === undefined ? { kind: 'absent' } : { kind: 'listed', file: outcome.value };
    },

    async walk() {
      const outcome = await onSession(visiting, undefined, (visit) =>
        readPages(visit, { ...listPaging, maxPages }),
      );
      if (outcome.kind !== 'listed') return orUnavailable(outcome);
      return {
        kind: 'listed',
        files: [...new Map(outcome.rows.map((file) => [file.fileId, file])).values()],
        ...(outcome.isEndDoubtful ? { isEndDoubtful: true as const } : {}),
      };
    },

    async errors(fileId) {
      const paging = toErrorsPaging(parseFileId(fileId));
      const outcome = await onSession(visiting, undefined, (visit) =>
        readPages(visit, { ...paging, maxPages }),
      );
      return outcome.kind === 'listed' ? { kind: 'listed', errors: outcome.rows } : orUnavailable(outcome);
    },

    async download(request) {
      const shape = settings.download;
      if (shape === undefined) {
        throw new MdmaError(
          'invalid-request',
          "Cannot download from OMAR-Online: bridge.download is not set, and the ISO's specification is not public",
        );
      }
      const outcome = await onSession(visiting, undefined, (visit) =>
        download(visit, shape, request, clock.now()),
      );
      return orUnavailable(outcome);
    },

    close: () => connector.closeAll(),
  };
}

const listPaging = {
  pageKind: 'status',
  first: '/viewSubmittedDataDetails.jsp',
  next: '/viewSubmittedDataDetails.jsp?dir=NEXT',
  parse: parseStatusList,
  keyOf: (file: OmarFile) => file.fileId,
} as const;

function toErrorsPaging(fileId: string): Omit<Paging<OmarFileError>, 'maxPages'> {
  return {
    pageKind: 'errors',
    first: `/viewFileErrors.jsp?dir=START&userAction=ERROR&fid=${fileId}`,
    next: `/viewFileErrors.jsp?userAction=ERROR&fid=${fileId}&dir=NEXT`,
    parse: parseFileErrors,
    keyOf: (error) => JSON.stringify(error),
  };
}

/** A list that shows anything but the one file was not filtered: then its absence would say nothing. */
function parseFilteredList(html: string, fileId: string): Reading<OmarFile | undefined> {
  const list = parseStatusList(html);
  if ('why' in list) return list;
  const [file, ...others] = list.found;
  return others.length > 0 || (file !== undefined && file.fileId !== fileId)
    ? { why: `other files than ${fileId} in a list filtered to it` }
    : { found: file };
}

/** For what is only read, an ended session means no more than: not now. */
function orUnavailable<T extends { readonly kind: string }>(
  outcome: T | SessionEnded,
): Exclude<T, SessionEnded> | Unavailable {
  return outcome.kind === 'session-ended'
    ? { kind: 'unavailable', why: `two sessions in a row ended: ${(outcome as SessionEnded).why}` }
    : (outcome as Exclude<T, SessionEnded>);
}

function parseOrigin(url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' || parsed.pathname !== '/' || parsed.search !== '') {
    throw toInvalid('Cannot reach OMAR-Online', {
      at: 'url',
      value: url,
      expected: 'https://host or https://host:port',
    });
  }
  return parsed.origin;
}

function parseFileId(fileId: string): string {
  if (!/^\d{1,20}$/.test(fileId)) {
    throw toInvalid('Cannot ask OMAR-Online', { at: 'fileId', value: fileId, expected: '1 to 20 digits' });
  }
  return fileId;
}
