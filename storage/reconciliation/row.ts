import type { MeterDataFormat } from '../formats/meter-data-xml/meter-data-format.ts';
import type { OmarCsvLayout } from '../formats/omar-csv/columns.ts';
import type { Catalogue } from '../ports/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileStore } from '../ports/file-store.ts';
import type { Part } from '../ports/forwardings.ts';
import { type Fate, isLeftOver } from './fates.ts';

/**
 * One run of intervals that were posted for the ISO and had the same fate; or one file, where it is the file that is
 * told of: of the ISO's that is not ours, or of ours that cannot be read.
 */
export interface ReconciliationRow {
  readonly fate: Fate;
  readonly isLeftOver: boolean;
  /** Null for a file that is not ours. */
  readonly transaction: number | null;
  /** Null, like what follows up to `intervals`, which is 0, for a file. Line of the record in the posted file. */
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
  readonly partFormats: PartFormats;
}

/** What the parts are written in that are made for the ISO. */
export interface PartFormats {
  /** The layout of the CSV files for OMAR-Online, as it is now. */
  readonly csvLayout: OmarCsvLayout;
  /** How the batches of an account at MRI-S are written. */
  getMeterDataFormat(account: string): Promise<MeterDataFormat>;
}

/** What a row about a file has in the place of intervals. */
export const noInterval = {
  transaction: null,
  line: null,
  meter: null,
  channel: null,
  unit: null,
  firstEndAt: null,
  lastEndAt: null,
  intervals: 0,
  resourceId: null,
  account: null,
  forwarding: null,
  part: null,
  isoName: null,
  isoFileId: null,
  isoStatus: null,
} as const;

export function toLeft(fate: Fate): Pick<ReconciliationRow, 'fate' | 'isLeftOver'> {
  return { fate, isLeftOver: isLeftOver(fate) };
}

/** A part as it stands at the ISO by its latest submission. */
export function toSubmitted(
  part: Part | undefined,
): Pick<ReconciliationRow, 'part' | 'isoName' | 'isoFileId' | 'isoStatus'> {
  const submission = part?.submissions.at(-1);
  return {
    part: part?.number ?? null,
    isoName: submission?.isoName ?? null,
    isoFileId: submission?.isoFileId ?? null,
    isoStatus: submission?.isoStatus ?? null,
  };
}
