import { getOmarCsvLayout } from '../../../../storage/formats/omar-csv/columns.ts';
import { fromReadingSet, omarUnitOf } from '../../../../storage/formats/omar-csv/from-reading-set.ts';
import { toOmarCsv } from '../../../../storage/formats/omar-csv/writer.ts';
import { toCmepMonth } from '../data/cmep-month.ts';
import type { FormatRow } from '../format-row.ts';
import { scanCleanFile } from '../scan-file.ts';

/** Every interval of every meter as a row of OMAR CSV, in bytes; they are not written anywhere. */
export const cmepToOmarCsv: FormatRow = {
  name: 'cmep-to-omar-csv',
  title: 'CMEP to OMAR CSV, with the scan',
  megabytes: 200,
  write: toCmepMonth,
  subjects: [{ name: 'ours', run: convert }],
  targets: [
    { kind: 'speed', atLeast: 40 },
    { kind: 'memory', atMost: 150 },
  ],
};

function convert(file: string): number {
  const layout = getOmarCsvLayout('gmt');
  let bytes = 0;
  const { summary } = scanCleanFile('cmep', file, {
    profile: 'strict',
    onReadingSet(set, readings) {
      if (set.measure !== 'interval') return;
      const unit = omarUnitOf[set.unit] ?? set.unit;
      const mapping = { resourceId: set.meter, measurementType: 'LOAD', unit };
      const { rows } = fromReadingSet(set, readings(), mapping);
      bytes += toOmarCsv(rows, layout).length;
    },
  });
  if (bytes === 0) throw new Error('Nothing was converted');
  return summary.records;
}
