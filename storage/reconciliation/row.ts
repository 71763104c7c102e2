import type { Catalogue } from '../ports/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileStore } from '../ports/file-store.ts';
import type { Fate } from './fates.ts';

/** One run of intervals that were posted for the ISO and had the same fate, or one file of the ISO's that is not ours. */
export interface ReconciliationRow {
  readonly fate: Fate;
  readonly isLeftOver: boolean;
  /** Null, like what follows up to `intervals`, for a file that is not ours. */
  readonly transaction: number | null;
  /** Line of the record in the posted file. */
  readonly line: number | null;
  readonly meter: string | null;
  readonly channel: string | null;
  readonly unit: string | null;
  readonly firstEndAt: number | null;
  readonly lastEndAt: number | null;
  readonly intervals: number;
  readonly resourceId: string | null;
  readonly account: string | null;
  readonly forwarding: number | null;
  readonly part: number | null;
  readonly isoName: string | null;
  /** File id at OMAR-Online, or batch id of MRI-S. */
  readonly isoFileId: string | null;
  readonly isoStatus: string | null;
  readonly words: string;
}

export interface ReconcileDeps {
  readonly catalogue: Pick<Catalogue, 'postings' | 'forwardings' | 'resources' | 'reconciliation'>;
  readonly files: Pick<FileStore, 'open'>;
  readonly clock: Clock;
}
