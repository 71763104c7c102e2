import type { ScanOptions } from '../../../storage/formats/format.ts';
import {
  type OmarCsvLayout,
  type OmarRow,
  usualMeasurementTypes,
} from '../../../storage/formats/omar-csv/columns.ts';
import { omarUnitOf } from '../../../storage/formats/omar-csv/from-reading-set.ts';
import { createOmarCsvScanner } from '../../../storage/formats/omar-csv/omar-csv-scanner.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { HeldFile } from './ledger.ts';

/** What holds of the files that passed, in the order of receipt: of each interval the value that came last. */
export function toHeldRows(
  files: readonly HeldFile[],
  contentOf: (file: HeldFile) => Buffer,
  layout: OmarCsvLayout,
  now: Instant,
): OmarRow[] {
  const held = new Map<string, OmarRow>();
  for (const file of files) {
    const isCsv = file.format === 'CSV';
    const options: ScanOptions = {
      profile: isCsv ? layout.name : 'pacific-standard',
      now,
      onReadingSet({ meter: resourceId, channel, unit: readingUnit, intervalMinutes }, readings) {
        const measurementType = isCsv ? channel : (usualMeasurementTypes[readingUnit] ?? 'LOAD');
        const unit = omarUnitOf[readingUnit] ?? readingUnit;
        for (const { endAt, value, quality } of readings()) {
          const row = { resourceId, measurementType, unit, intervalMinutes, endAt, value };
          const key = [resourceId, measurementType, unit, endAt].join('\0');
          if (quality !== 'raw' && quality !== 'missing')
            held.set(key, { ...row, isEstimated: quality === 'estimated' });
        }
      },
    };
    const scanner = isCsv ? createOmarCsvScanner(options, layout) : createScanner('mdef', options);
    scanner.push(contentOf(file));
    scanner.end();
  }
  return [...held.values()];
}
