import type { OmarCsvLayout, OmarRow } from '../../../storage/formats/omar-csv/columns.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { toIsoSeries } from '../../../storage/reconciliation/iso-interval.ts';
import { parseCsvRow, splitCsv } from './csv-rows.ts';
import type { HeldFile } from './ledger.ts';

type FoundRows = readonly OmarRow[] | { readonly why: string };

/** What holds of an owner's files that passed, in the order of receipt: of each interval the value that came last. */
export type FindHeldRows = (files: readonly HeldFile[], now: Instant) => FoundRows;

/** Files are read again when one more of their owner has passed, for a late one may stand among the others. */
export function createHeldRows(contentOf: (file: HeldFile) => Buffer, layout: OmarCsvLayout): FindHeldRows {
  const known = new Map<string, { readonly files: number; readonly held: FoundRows }>();
  return (files, now) => {
    const owner = files[0]?.owner ?? '';
    const before = known.get(owner);
    if (before?.files === files.length) return before.held;
    const held = readHeldRows(files, contentOf, layout, now);
    known.set(owner, { files: files.length, held });
    return held;
  };
}

function readHeldRows(
  files: readonly HeldFile[],
  contentOf: (file: HeldFile) => Buffer,
  layout: OmarCsvLayout,
  now: Instant,
): FoundRows {
  const held = new Map<string, OmarRow>();
  for (const file of files) {
    const bytes = contentOf(file);
    const rows = file.format === 'CSV' ? readCsv(bytes, layout) : readMdef(bytes, now);
    if ('why' in rows) {
      return { why: `File ${file.fileId} passed validation and cannot be read: ${rows.why}` };
    }
    for (const row of rows) {
      held.set([row.resourceId, row.measurementType, row.unit, row.endAt].join('\0'), row);
    }
  }
  return [...held.values()];
}

/** As validation read it, which forgives more than our own scanner: nothing that passed is missing from a download. */
function readCsv(bytes: Buffer, layout: OmarCsvLayout): FoundRows {
  const rows: OmarRow[] = [];
  for (const cells of splitCsv(bytes, layout)) {
    const row = parseCsvRow(cells, layout);
    if ('why' in row) return { why: `row ${rows.length + 1}, ${row.why}` };
    rows.push(row);
  }
  return rows;
}

function readMdef(bytes: Buffer, now: Instant): FoundRows {
  const rows: OmarRow[] = [];
  const scanner = createScanner('mdef', {
    profile: 'pacific-standard',
    now,
    onReadingSet(set, readings) {
      const { isoUnit: unit, ...series } = toIsoSeries('mdef', set);
      const { intervalMinutes } = set;
      for (const { endAt, value, quality } of readings()) {
        if (quality === 'raw' || quality === 'missing') continue;
        rows.push({ ...series, unit, intervalMinutes, endAt, value, isEstimated: quality === 'estimated' });
      }
    },
  });
  scanner.push(bytes);
  const { isRefused, faults } = scanner.end();
  if (!isRefused) return rows;
  return { why: String(faults.find(({ level }) => level === 'error')?.message) };
}
