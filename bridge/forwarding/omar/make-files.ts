import type { OmarRow } from '../../../storage/formats/omar-csv/columns.ts';
import { splitOmarRows } from '../../../storage/formats/omar-csv/split.ts';
import { toOmarCsv } from '../../../storage/formats/omar-csv/writer.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { MadeFiles } from '../iso-outcomes.ts';
import type { StepContext } from '../step-context.ts';

/** The rows as CSV files under the size that OMAR-Online takes, each read back before it counts. */
export function makeFiles(context: StepContext, rows: readonly OmarRow[]): MadeFiles {
  const { csvLayout, maxPartBytes } = context.settings;
  const found = splitOmarRows(rows, csvLayout, maxPartBytes);
  if ('tooLarge' in found) {
    const { resourceId, day, bytes } = found.tooLarge;
    return {
      why: `resource ${resourceId} on ${day}: ${bytes} bytes of one day, the ISO takes ${maxPartBytes}`,
    };
  }
  const files = found.parts.map((part) => ({ bytes: toOmarCsv(part, csvLayout), records: part.length }));
  const why = files
    .map(({ bytes }, index) => findFault(context, bytes, found.parts[index] ?? []))
    .find(Boolean);
  return why === undefined ? { files, extension: 'csv' } : { why };
}

/** What a part of a source may well lack: the poster was told of it, and it is no fault of the conversion. */
const sourceChecks = { C_GAP: 'off', C_KVARH_ALONE: 'off', C_ESTIMATED_SHARE: 'off' } as const;

/** What was made is read back before it is kept: a resource named wrongly, or an interval twice, stops here already. */
function findFault(
  { clock, settings }: StepContext,
  bytes: Uint8Array,
  rows: readonly OmarRow[],
): string | undefined {
  const scanner = createScanner('omar-csv', {
    profile: settings.csvLayout.name,
    now: clock.now(),
    levels: sourceChecks,
  });
  scanner.push(bytes);
  const { faults, summary } = scanner.end();
  const fault = faults.find(({ level }) => level !== 'note');
  if (fault !== undefined) return `the converted file would be refused: ${fault.message} (${fault.text})`;
  return summary.records === rows.length
    ? undefined
    : `the converted file reads back with ${summary.records} rows of ${rows.length}`;
}
