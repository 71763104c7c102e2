import type { Scanner, ScanOptions } from './formats/format.ts';
import { isOfLayout, type OmarCsvLayout, omarCsvLayouts, toFirstLines } from './formats/omar-csv/columns.ts';
import { createOmarCsvScanner } from './formats/omar-csv/omar-csv-scanner.ts';
import { createScanner } from './formats/scanners.ts';
import type { Instant } from './model/time.ts';
import type { Clock } from './ports/clock.ts';
import type { FileStore } from './ports/file-store.ts';
import type { Forwarding, Part } from './ports/forwardings.ts';
import type { Postings, Source } from './ports/postings.ts';
import { readWhole, UnreadableFile } from './read-file.ts';

export interface ScanPartDeps {
  readonly postings: Pick<Postings, 'getSource'>;
  readonly files: Pick<FileStore, 'open'>;
  readonly clock: Clock;
  /** The layout that CSV files for the ISO are made in now. */
  readonly csvLayout: OmarCsvLayout;
}

/**
 * Reads a part for OMAR-Online: what passed through, as it was posted; what was made, by the layout that its beginning
 * shows, whichever is configured now. The part is held in memory, which is small: under 500 KB.
 *
 * @throws as `readWhole`; `UnreadableFile` also where no layout is known that it is in; `invalid-request` when it was
 *   posted in a profile that there is not any more
 */
export async function scanPart(
  { postings, files, clock, csvLayout }: ScanPartDeps,
  { transaction }: Pick<Forwarding, 'transaction'>,
  { file, extension }: Pick<Part, 'file' | 'extension'>,
  onReadingSet: NonNullable<ScanOptions['onReadingSet']>,
): Promise<void> {
  const bytes = await readWhole(files, file);
  const source = await postings.getSource(transaction);
  const options = { now: clock.now(), onReadingSet };
  const scanner =
    source.key === file.key
      ? createScanner(extension === 'csv' ? 'omar-csv' : 'mdef', { ...options, profile: source.profile })
      : createMadeScanner(bytes, file.key, options, csvLayout);
  scanner.push(bytes);
  scanner.end();
}

/**
 * What we make is CSV without faults: a layout in which it has some may begin alike, and is another. The layout of now
 * comes first.
 */
function createMadeScanner(
  bytes: Uint8Array,
  key: Source['key'],
  options: Omit<ScanOptions, 'profile'>,
  csvLayout: OmarCsvLayout,
): Scanner {
  const lines = toFirstLines(bytes);
  const layout = [csvLayout, ...omarCsvLayouts].find(
    (each) => isOfLayout(lines, each) && isReadBy(bytes, each, options.now),
  );
  if (layout === undefined) throw new UnreadableFile(`Cannot read file ${key}: it is in no known layout`);
  return createOmarCsvScanner({ ...options, profile: layout.name }, layout);
}

function isReadBy(bytes: Uint8Array, layout: OmarCsvLayout, now: Instant): boolean {
  const scanner = createOmarCsvScanner({ profile: layout.name, now }, layout);
  scanner.push(bytes);
  return !scanner.end().isRefused;
}
