import type { Instant } from '../../storage/model/time.ts';
import type { IsoInterval } from '../../storage/reconciliation/iso-interval.ts';
import type { UnrecognisedAnswer } from '../https/unrecognised.ts';
import type { DownloadRequest } from './download-shape.ts';

/** The seven statuses of a file at OMAR-Online (status specification, 3.2), as the ISO writes them. */
export const omarStatuses = [
  'Uploading File',
  'Upload Error',
  'Upload Complete',
  'Running Validation',
  'Validation Error',
  'Validation Passed',
  'Validation Failed',
] as const;
export type OmarStatus = (typeof omarStatuses)[number];

/** Which page of OMAR-Online was asked for. */
export type PageKind = 'session' | 'upload' | 'status' | 'errors' | 'download';

export type UnrecognisedPage = UnrecognisedAnswer<PageKind>;

/** One row of the list of submitted files (status specification, 3.2). */
export interface OmarFile {
  readonly fileId: string;
  /** Undefined where the cell is blank, as it may be until the file is validated. */
  readonly format: 'CSV' | 'MDEF' | undefined;
  readonly status: OmarStatus;
  /** As the list shows it: the submitted name, or `<file id>_<name>` (ruling 26). */
  readonly name: string;
  /** As the list shows it; the document gives no layout. */
  readonly received: string;
  /** Undefined where the cell is blank, as it may be until the file is validated. */
  readonly records: number | undefined;
}

/** One row of a file's errors (status specification, 3.3). */
export interface OmarFileError {
  /** The ISO's words. */
  readonly words: string;
  readonly occurrences: number;
}

/** Nothing was accepted, for certain: the request never left, or a step before it failed. Try again later. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
  /** For so long the ISO wants to be left alone (`Retry-After`). */
  readonly waitMs?: number;
}

/** The ISO answered with a page that is none of those known. After an upload the file may be there. */
export interface Unrecognised {
  readonly kind: 'unrecognised';
  readonly page: UnrecognisedPage;
}

/**
 * What became of an upload.
 *
 * - `received`: the ISO's page says so, for the name that was sent; `bytes` is *its* word, to be compared (ruling 28)
 * - `refused`: "Error in File Processing"; nothing was accepted
 * - `unavailable`: certainly nothing was sent
 * - `session-ended`: two sessions in a row were answered with 401 or the log-in page; certainly nothing was accepted
 * - `unrecognised`, `unknown`: the ISO may hold the file (but for a page of kind `session`, which comes before the file
 *   is sent). Look it up before anything is sent again (ruling 27)
 */
export type UploadOutcome =
  | {
      readonly kind: 'received';
      readonly fileId: string;
      readonly savedAs: string;
      readonly bytes: number;
    }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'session-ended'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly waitMs?: number }
  | Unavailable
  | Unrecognised;

/** `absent`: the ISO shows no such file to this certificate. */
type StatusOutcome =
  | { readonly kind: 'listed'; readonly file: OmarFile }
  | { readonly kind: 'absent' }
  | Unavailable
  | Unrecognised;

/** `listed`: the list, each file id once. `incomplete`: longer than the set limit; nothing follows from it. */
export type WalkOutcome =
  | {
      readonly kind: 'listed';
      readonly files: readonly OmarFile[];
      /** The end was a full page shown twice: as a list of 25, 50, … rows ends, or one that does not move on. */
      readonly isEndDoubtful?: true;
    }
  | { readonly kind: 'incomplete'; readonly why: string }
  | Unavailable
  | Unrecognised;

type ErrorsOutcome =
  | { readonly kind: 'listed'; readonly errors: readonly OmarFileError[] }
  | { readonly kind: 'incomplete'; readonly why: string }
  | Unavailable
  | Unrecognised;

/**
 * What came of a download. `downloaded`: what the ISO holds, whole; nothing at all where it holds nothing. `refused`:
 * "Error in File Processing".
 */
export type DownloadOutcome =
  | { readonly kind: 'downloaded'; readonly intervals: readonly IsoInterval[] }
  | { readonly kind: 'refused'; readonly words: string }
  | Unavailable
  | Unrecognised;

/**
 * OMAR-Online behind one interface. What is to be expected of a system that is not ours comes back as an outcome; only
 * a mistake of the caller is thrown. Calls may overlap: those that page hold a session of their own.
 */
export interface OmarClient {
  /**
   * Sends one file (submission specification, 3.2), over a new connection and a new session. Never sends again by
   * itself, but once when the answer is the log-in page, which proves that nothing was accepted.
   *
   * @param name 5 to 40 letters, digits, dots, dashes and underscores, ending in `.csv` or `.dat` in any case
   * @param bytes 1 to 499,999
   * @param deadlineAt after this instant, or `uploadTimeoutMs` after the call if that is sooner, nothing more is sent
   *   and the call has returned; also when the process was stopped meanwhile, and also of what waited in the kernel.
   *   Only where the process dies does the kernel go on to send what it holds, for about two minutes on a dead line:
   *   the quiet time before absence counts must be longer
   * @throws `invalid-request` for a name or size the ISO does not take: nothing was sent
   */
  upload(name: string, bytes: Uint8Array, deadlineAt: Instant): Promise<UploadOutcome>;

  /** One file's row (status specification, 3.1, filtered to a file id). */
  status(fileId: string): Promise<StatusOutcome>;

  /**
   * The whole unfiltered list, on a new session, first page to last (ruling 27); begun again once if the session ends
   * on the way. The end is a page of fewer than 25 rows, or one equal to the page before it; the latter cannot be told
   * from a list that stands still, which is why absence needs a sentinel, and then one on either side.
   */
  walk(): Promise<WalkOutcome>;

  /** What the ISO found wrong in a file (status specification, 3.3), every page of it. */
  errors(fileId: string): Promise<ErrorsOutcome>;

  /**
   * What the ISO holds of a resource on some trade days, on a new session; intervals of other days may be among them.
   *
   * @throws `invalid-request` when no shape of downloads is set
   */
  download(request: DownloadRequest): Promise<DownloadOutcome>;

  /** Closes every connection; calls under way end as `unavailable` or `unknown`. */
  close(): Promise<void>;
}
