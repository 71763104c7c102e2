import type { Instant } from '../../../storage/model/time.ts';
import { type HeldFile, type OmarDelays, toStatus } from './ledger.ts';

/** One held file as tests see it. */
export interface OmarHolding {
  readonly fileId: string;
  readonly name: string;
  readonly owner: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  readonly status: string;
  /** How many files of the same owner have these bytes: more than one was sent twice. */
  readonly times: number;
}

/** The held files as they stand at `now`. */
export function toHoldings(files: readonly HeldFile[], now: Instant, delays: OmarDelays): OmarHolding[] {
  const keyOf = ({ owner, sha256 }: HeldFile) => JSON.stringify([owner, sha256]);
  const times = new Map<string, number>();
  for (const file of files) times.set(keyOf(file), (times.get(keyOf(file)) ?? 0) + 1);
  return files.map((file) => ({
    fileId: String(file.fileId),
    name: file.name,
    owner: file.owner,
    sha256: file.sha256,
    bytes: file.bytes,
    records: file.records,
    status: toStatus(file, now, delays),
    times: times.get(keyOf(file)) ?? 0,
  }));
}
