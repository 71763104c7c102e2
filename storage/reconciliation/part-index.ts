import { isFirstLine, omarCsvLayouts } from '../formats/omar-csv/columns.ts';
import { omarUnitOf } from '../formats/omar-csv/from-reading-set.ts';
import { createScanner } from '../formats/scanners.ts';
import type { Instant } from '../model/time.ts';
import type { Part } from '../ports/forwardings.ts';
import { readWhole } from '../read-file.ts';
import type { ReconcileDeps } from './row.ts';

/** One interval as a part names it. */
interface PartKey {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly isoUnit: string;
}

/** In which of some parts an interval is. */
export interface PartIndex {
  find(key: PartKey, endAt: Instant): Part | undefined;
  /** Parts that could not be read, and why: what they hold is not known. */
  readonly unreadable: readonly { readonly part: Part; readonly why: string }[];
}

/** Reads the parts of one forwarding. Memory grows with their intervals, which are no more than one forwarding may have. */
export async function createPartIndex(deps: ReconcileDeps, parts: readonly Part[]): Promise<PartIndex> {
  const index = new Map<string, Map<Instant, Part>>();
  const unreadable: { part: Part; why: string }[] = [];
  for (const part of parts) {
    try {
      await readPart(deps, part, (key, endsAt) => {
        const ends = index.get(toText(key)) ?? new Map<Instant, Part>();
        index.set(toText(key), ends);
        for (const endAt of endsAt) ends.set(endAt, part);
      });
    } catch (error) {
      unreadable.push({ part, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { find: (key, endAt) => index.get(toText(key))?.get(endAt), unreadable };
}

async function readPart(
  { files, clock }: ReconcileDeps,
  { file, extension }: Part,
  take: (key: PartKey, endsAt: readonly Instant[]) => void,
): Promise<void> {
  const bytes = await readWhole(files, file);
  const [firstLine = ''] = Buffer.from(bytes.subarray(0, 1_000)).toString('latin1').split('\r\n', 1);
  const layout = omarCsvLayouts.find((each) => isFirstLine(firstLine, each));
  if (extension !== 'csv' || layout === undefined)
    throw new Error(`Cannot read file ${file.key}: its layout is not known`);
  const scanner = createScanner('omar-csv', {
    profile: layout.name,
    now: clock.now(),
    onReadingSet({ meter, channel, unit }, readings) {
      const key = { resourceId: meter, measurementType: channel, isoUnit: omarUnitOf[unit] ?? unit };
      take(
        key,
        readings().map(({ endAt }) => endAt),
      );
    },
  });
  scanner.push(bytes);
  scanner.end();
}

function toText({ resourceId, measurementType, isoUnit }: PartKey): string {
  return `${resourceId} ${measurementType} ${isoUnit}`;
}
