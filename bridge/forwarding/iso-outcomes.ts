import type { OmarRow } from '../../storage/formats/omar-csv/columns.ts';
import type { WorkKind } from '../../storage/model/forwarding.ts';
import type { Move, NewPart, Outcome } from '../../storage/ports/forwardings.ts';
import type { IsoInterval } from '../../storage/reconciliation/iso-interval.ts';
import type { UnrecognisedAnswer } from '../https/unrecognised.ts';

/** Nothing was accepted, for certain, or it was only asked: try again later, not before `waitMs` where it is there. */
interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
  readonly waitMs?: number;
}

interface Unrecognised {
  readonly kind: 'unrecognised';
  readonly page: UnrecognisedAnswer<WorkKind>;
}

/**
 * What became of sending a part.
 *
 * - `received`: the ISO has it, under this id of its own; `bytes` is its word, where it gives one (ruling 28)
 * - `refused`: in the ISO's own words; nothing was accepted
 * - `unknown`, `unrecognised`: the ISO may hold it; only a look there can tell (ruling 27)
 */
export type SendOutcome =
  | {
      readonly kind: 'received';
      readonly isoFileId: string;
      readonly words: string;
      readonly bytes?: number;
    }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly waitMs?: number }
  | Unavailable
  | Unrecognised;

/**
 * What one look at a part's status gave. Without a move the forwarding goes where its parts say.
 */
export type Look =
  | { readonly kind: 'seen'; readonly outcome: Outcome; readonly move?: Move }
  | Unavailable
  | Unrecognised;

/** What the ISO holds; `early`: too early to ask, and nothing was sent. */
export type HeldAnswer =
  | { readonly kind: 'read'; readonly intervals: readonly IsoInterval[] }
  | { readonly kind: 'early'; readonly waitMs: number }
  | Unavailable
  | Unrecognised;

/**
 * A file that rows became, its bytes good until the next is asked for; or why a person must look at it, after which
 * there is no next, and the row at fault where it is one.
 */
export type MadeFile =
  | {
      readonly bytes: Uint8Array;
      readonly records: number;
      readonly extension: NewPart['extension'];
      /** Rows whose flag it has no place for. */
      readonly flagsDropped?: number;
    }
  | { readonly why: string; readonly row?: OmarRow | undefined };
