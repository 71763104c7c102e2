import type { ScanOptions } from '../../../storage/formats/format.ts';
import type { OmarCsvLayout, OmarRow } from '../../../storage/formats/omar-csv/columns.ts';
import { createOmarCsvScanner } from '../../../storage/formats/omar-csv/omar-csv-scanner.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { toIsoSeries } from '../../../storage/reconciliation/iso-interval.ts';
import type { HeldFile } from './ledger.ts';

/** What holds of an owner's files that passed, in the order of receipt: of each interval the value that came last. */
export type FindHeldRows = (
  files: readonly HeldFile[],
  now: Instant,
) => readonly OmarRow[] | { readonly why: string };

/** Files are read again when one more of their owner has passed, for a late one may stand among the others. */
export function createHeldRows(contentOf: (file: HeldFile) => Buffer, layout: OmarCsvLayout): FindHeldRows {
  const known = new Map<string, { readonly files: number; readonly held: ReturnType<FindHeldRows> }>();
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
): ReturnType<FindHeldRows> {
  const held = new Map<string, OmarRow>();
  for (const file of files) {
    const isCsv = file.format === 'CSV';
    const options: ScanOptions = {
      profile: isCsv ? layout.name : 'pacific-standard',
      now,
      onReadingSet(set, readings) {
        const { isoUnit: unit, ...series } = toIsoSeries(isCsv ? 'omar-csv' : 'mdef', set);
        const { intervalMinutes } = set;
        for (const { endAt, value, quality } of readings()) {
          if (quality === 'raw' || quality === 'missing') continue;
          const row = {
            ...series,
            unit,
            intervalMinutes,
            endAt,
            value,
            isEstimated: quality === 'estimated',
          };
          held.set([row.resourceId, row.measurementType, unit, endAt].join('\0'), row);
        }
      },
    };
    const scanner = isCsv ? createOmarCsvScanner(options, layout) : createScanner('mdef', options);
    scanner.push(contentOf(file));
    const { isRefused, faults } = scanner.end();
    if (!isRefused) continue;
    const fault = faults.find(({ level }) => level === 'error');
    return { why: `File ${file.fileId} passed validation and cannot be read: ${fault?.message}` };
  }
  return [...held.values()];
}
