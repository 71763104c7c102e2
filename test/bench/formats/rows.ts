import type { FormatRow } from './format-row.ts';
import { cmepLongLine } from './rows/cmep-long-line.ts';
import { cmepScan } from './rows/cmep-scan.ts';
import { cmepToOmarCsv } from './rows/cmep-to-omar-csv.ts';
import { mdefScan } from './rows/mdef-scan.ts';
import { x12Scan, x12TotalsScan } from './rows/x12-scan.ts';

/** Every row of the bench, in the order of its table. */
export const formatRows: readonly FormatRow[] = [
  cmepScan,
  cmepLongLine,
  mdefScan,
  cmepToOmarCsv,
  x12Scan,
  x12TotalsScan,
];

/** @throws when there is no such row, naming those that there are */
export function getRow(name: string): FormatRow {
  const row = formatRows.find((one) => one.name === name);
  if (row !== undefined) return row;
  throw new Error(`There is no row ${name}; there are ${formatRows.map((one) => one.name).join(', ')}`);
}
