import { isFirstLine, omarCsvLayouts } from '../formats/omar-csv/columns.ts';
import { createScanner } from '../formats/scanners.ts';
import type { Instant } from '../model/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileStore } from '../ports/file-store.ts';
import type { Part } from '../ports/forwardings.ts';
import { readWhole } from '../read-file.ts';

/** One interval as a part names it. */
interface PartKey {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly isoUnit: string;
}

/** In which of some parts an interval is. */
export interface PartIndex {
  find(key: PartKey, endAt: Instant): Part | undefined;
}

/**
 * Reads the parts of one forwarding. Memory grows with their intervals, which are no more than one forwarding may have.
 *
 * @returns undefined when a part is in a format whose intervals are not read here
 */
export async function createPartIndex(
  deps: { readonly files: Pick<FileStore, 'open'>; readonly clock: Clock },
  parts: readonly Part[],
): Promise<PartIndex | undefined> {
  const index = new Map<string, Map<Instant, Part>>();
  for (const part of parts) {
    if (part.extension !== 'csv') return undefined;
    const bytes = await readWhole(deps.files, part.file);
    const [firstLine = ''] = Buffer.from(bytes.subarray(0, 1_000)).toString('latin1').split('\r\n', 1);
    const layout = omarCsvLayouts.find((each) => isFirstLine(firstLine, each));
    if (layout === undefined) return undefined;
    const scanner = createScanner('omar-csv', {
      profile: layout.name,
      now: deps.clock.now(),
      onReadingSet({ meter, channel, unit }, readings) {
        const key = toText({ resourceId: meter, measurementType: channel, isoUnit: unit });
        const ends = index.get(key) ?? new Map<Instant, Part>();
        index.set(key, ends);
        for (const { endAt } of readings()) ends.set(endAt, part);
      },
    });
    scanner.push(bytes);
    scanner.end();
  }
  return { find: (key, endAt) => index.get(toText(key))?.get(endAt) };
}

function toText({ resourceId, measurementType, isoUnit }: PartKey): string {
  return `${resourceId} ${measurementType} ${isoUnit}`;
}
