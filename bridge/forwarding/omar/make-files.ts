import { findUnfit, findUnfitWords, type OmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import { createOmarCsvScanner } from '../../../storage/formats/omar-csv/omar-csv-scanner.ts';
import type { OmarRows } from '../../../storage/formats/omar-csv/omar-rows.ts';
import { createPartWriter, splitOmarRows } from '../../../storage/formats/omar-csv/split.ts';
import type { MadeFile } from '../iso-outcomes.ts';
import type { StepContext } from '../step-context.ts';

/** Rows are kept in about ten bytes each, so these take 100 MB. */
export const maxOmarRows = 10_000_000;

/** The rows as CSV files under the size that OMAR-Online takes, each read back before it counts. */
export function* makeFiles(context: StepContext, rows: OmarRows): Generator<MadeFile> {
  const { csvLayout, maxPartBytes } = context.settings;
  const unfit = findUnfitRow(rows, csvLayout);
  if (unfit !== undefined) {
    yield unfit;
    return;
  }
  const found = splitOmarRows(rows, csvLayout, maxPartBytes);
  if ('tooLarge' in found) {
    const { resourceId, day, bytes } = found.tooLarge;
    yield {
      why: `resource ${resourceId} on ${day}: ${bytes} bytes of one day, the ISO takes ${maxPartBytes}`,
    };
    return;
  }
  const hasFlags = csvLayout.columns.includes('QUALITY');
  const write = createPartWriter(csvLayout);
  for (const part of found.parts) {
    const bytes = write(part);
    const why = findFault(context, bytes, part.rows);
    if (why !== undefined) yield { why };
    else {
      const flagsDropped = hasFlags ? 0 : part.runs.reduce((sum, { estimated }) => sum + estimated, 0);
      yield { bytes, records: part.rows, extension: 'csv', flagsDropped };
    }
  }
}

/** The first row that the layout would make into something else, because what it fixes has no column of its own. */
function findUnfitRow(rows: OmarRows, layout: OmarCsvLayout): MadeFile | undefined {
  if (!rows.runs.some(({ series }) => findUnfit(series, layout) !== undefined)) return undefined;
  for (const row of rows) {
    const why = findUnfitWords(row, layout);
    if (why !== undefined) return { why, row };
  }
  return undefined;
}

/** What a part of a source may well lack: the poster was told of it, and it is no fault of the conversion. */
const sourceChecks = { C_GAP: 'off', C_KVARH_ALONE: 'off', C_ESTIMATED_SHARE: 'off' } as const;

/** What was made is read back before it is kept: a resource named wrongly, or an interval twice, stops here already. */
function findFault({ clock, settings }: StepContext, bytes: Uint8Array, rows: number): string | undefined {
  const { csvLayout } = settings;
  const options = { profile: csvLayout.name, now: clock.now(), levels: sourceChecks };
  const scanner = createOmarCsvScanner(options, csvLayout);
  scanner.push(bytes);
  const { faults, summary } = scanner.end();
  const fault = faults.find(({ level }) => level !== 'note');
  if (fault !== undefined) return `the converted file would be refused: ${fault.message} (${fault.text})`;
  return summary.records === rows
    ? undefined
    : `the converted file reads back with ${summary.records} rows of ${rows}`;
}
