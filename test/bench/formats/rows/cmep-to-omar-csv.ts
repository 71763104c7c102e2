import { createOmarCsvWriter } from '../../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { dataNow, toCmepMonth } from '../data/cmep-month.ts';
import type { FormatRow } from '../format-row.ts';
import { scanCleanFile } from '../scan-file.ts';

/** What `mdma convert --to omar-csv` does: every interval of every meter, in bytes; they are not written anywhere. */
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
  let bytes = 0;
  const writer = createOmarCsvWriter({
    profile: 'gmt',
    now: dataNow,
    onBytes: (piece) => {
      bytes += piece.length;
    },
  });
  const { summary } = scanCleanFile('cmep', file, {
    profile: 'strict',
    onReadingSet: (set, readings) => writer.add(set, readings()),
  });
  const written = writer.end();
  if (bytes === 0 || written.bytes !== bytes) throw new Error(`${bytes} bytes were written`);
  return summary.records;
}
