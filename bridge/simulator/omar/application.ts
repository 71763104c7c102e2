import { hourMs } from '../../../storage/model/time.ts';
import type { Clock } from '../../../storage/ports/clock.ts';
import type { DownloadShape } from '../../omar/download-shape.ts';
import type { Alterations } from '../alterations.ts';
import { type DownloadedFile, parseDownloadQuery, toDownloadedFile } from './download.ts';
import { maxNameLength, type OmarFault, type OmarRequestKind } from './faults.ts';
import { createHeldRows } from './held-rows.ts';
import { type HeldFile, type Ledger, type OmarDelays, toStatus } from './ledger.ts';
import { parseUploadForm } from './multipart.ts';
import { toErrorPage, toErrorsPage, toListPage, toUploadedPage } from './pages.ts';
import type { Session } from './sessions.ts';
import { type CsvRules, validateMeterData } from './validation.ts';

/** One request that has a session. */
export interface OmarRequest {
  readonly session: Session;
  readonly method: string;
  readonly contentType: string;
  /** What stands behind the question mark. */
  readonly query: string;
  readonly body: Buffer;
  readonly faults: ReadonlyMap<OmarFault['fault'], OmarFault>;
}

export interface OmarApplicationParts {
  readonly ledger: Ledger;
  readonly delays: OmarDelays;
  readonly clock: Clock;
  readonly alterations: Alterations;
  /** What its CSV files are in, and checked by. */
  readonly csv: CsvRules;
  /** How meter data is downloaded; there is no such page where it is left out. */
  readonly download: DownloadShape | undefined;
}

/** Files of this size and above are too large ("less than 500 KB", submission specification, 3.2.2). */
const maxFileBytes = 500 * 1024;
const rowsPerPage = 25;

/** What the application answers to each kind of request: HTML, or a file that is downloaded, always with status 200. */
export function createOmarApplication({
  ledger,
  delays,
  clock,
  alterations,
  csv,
  download: shape,
}: OmarApplicationParts): Record<
  Exclude<OmarRequestKind, 'session'>,
  (request: OmarRequest) => string | DownloadedFile
> {
  const findHeldRows = createHeldRows((file) => ledger.contentOf(file), csv.layout);
  const filesOf = ({ owner }: Session) => ledger.all().filter((file) => file.owner === owner);

  return {
    upload({ session, method, contentType, body, faults }) {
      if (method !== 'POST') return toErrorPage('The file must be sent with POST');
      const form = parseUploadForm(contentType, body);
      if ('why' in form) return toErrorPage(form.why);
      const why = findFileFault(form.name, form.bytes);
      if (why !== undefined) return toErrorPage(why);
      const format = /\.csv$/i.test(form.name) ? 'CSV' : 'MDEF';
      const receivedAt = clock.now();
      const forced = faults.get('validation-failed')?.code;
      const file = ledger.add({
        owner: session.owner,
        name: form.name,
        format,
        receivedAt,
        content: form.bytes,
        validation: validateMeterData(format, form.bytes, csv, receivedAt, forced),
        failure: toFailure(faults),
        validationMs: faults.has('hour-long-validation') ? hourMs : 0,
      });
      return toUploadedPage(file);
    },

    status({ session, method, query, faults }) {
      const parameters = parseQuery(query);
      const { dir = 'START', userAction, searchChoice, searchValue } = parameters;
      const isFilter =
        userAction === 'Filter' && searchChoice === 'FILE_ID' && /^\d+$/.test(searchValue ?? '');
      const isPlain = userAction === undefined && searchChoice === undefined && searchValue === undefined;
      if (
        method !== 'GET' ||
        !(isPlain || (isFilter && dir === 'START')) ||
        hasOthers(parameters, listParameters)
      ) {
        return toErrorPage('The request is not known');
      }
      if (isFilter) session.filter = searchValue;
      const shown = filesOf(session).filter(
        ({ fileId }) => (session.filter ?? String(fileId)) === String(fileId),
      );
      const at = move(session.listAt, dir, shown.length);
      if (at === undefined) return toErrorPage('The direction is not known');
      session.listAt = at;
      return toListPage(
        shown.slice(at, at + rowsPerPage).map((file) => ({
          file,
          status: toStatus(file, clock.now(), delays),
          shownName: toShownName(file, faults),
        })),
      );
    },

    errors({ session, method, query }) {
      const parameters = parseQuery(query);
      const { dir = 'START', userAction, fid = '' } = parameters;
      const file = filesOf(session).find(({ fileId }) => String(fileId) === fid);
      if (method !== 'GET' || userAction !== 'ERROR' || hasOthers(parameters, errorParameters)) {
        return toErrorPage('The request is not known');
      }
      if (file === undefined) return toErrorPage('The file id is not known');
      const errors = toStatus(file, clock.now(), delays) === 'Validation Failed' ? file.errors : [];
      const at = move(session.errorsAt.get(fid) ?? 0, dir, errors.length);
      if (at === undefined) return toErrorPage('The direction is not known');
      session.errorsAt.set(fid, at);
      return toErrorsPage(fid, errors.slice(at, at + rowsPerPage));
    },

    download({ session, method, query }) {
      if (method !== 'GET' || shape === undefined) return toErrorPage('The request is not known');
      const asked = parseDownloadQuery(query, shape);
      if ('why' in asked) return toErrorPage(asked.why);
      const now = clock.now();
      const passed = filesOf(session).filter((file) => toStatus(file, now, delays) === 'Validation Passed');
      const held = findHeldRows(passed, now);
      if ('why' in held) return toErrorPage(held.why);
      const shown = alterations.apply(held, (added) => added);
      const file = toDownloadedFile(shown, asked, shape, now);
      return 'why' in file ? toErrorPage(file.why) : file;
    },
  };
}

const listParameters = ['dir', 'userAction', 'searchChoice', 'searchValue'];
const errorParameters = ['dir', 'userAction', 'fid'];

function hasOthers(parameters: Readonly<Record<string, string>>, known: readonly string[]): boolean {
  return Object.keys(parameters).some((key) => !known.includes(key));
}

/** The status specification prints one address without its last ampersand (3.3): both forms are taken. */
function parseQuery(query: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(query.replace(/(\d)dir=/, '$1&dir=')));
}

/** Past the last page one stays on it. */
function move(at: number, dir: string, rows: number): number | undefined {
  if (dir === 'START') return 0;
  if (dir === 'PREV') return Math.max(0, at - rowsPerPage);
  if (dir === 'NEXT') return at + rowsPerPage < rows ? at + rowsPerPage : at;
  return undefined;
}

function findFileFault(name: string, bytes: Buffer): string | undefined {
  if (!/\.(csv|dat)$/i.test(name)) return 'File extension must be .csv or .dat';
  if (name.length > maxNameLength) return `File name must not exceed ${maxNameLength} characters`;
  if (!/^[\x20-\x7e]+$/.test(name) || /[/\\:]/.test(name)) return 'File name is not valid';
  return bytes.length >= maxFileBytes ? 'File is too large' : undefined;
}

function toFailure(faults: OmarRequest['faults']): 'Upload Error' | 'Validation Error' | undefined {
  if (faults.has('upload-error')) return 'Upload Error';
  return faults.has('validation-error') ? 'Validation Error' : undefined;
}

function toShownName({ fileId, name }: HeldFile, faults: OmarRequest['faults']): string {
  const shown = faults.has('prefix-names') ? `${fileId}_${name}` : name;
  return shown.slice(0, faults.get('truncate-names')?.length);
}
