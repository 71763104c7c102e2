import type { OmarCsvLayout, OmarRow } from './columns.ts';
import { RowBytes } from './row-bytes.ts';

/** The rows as a file of the layout, in the order given, every line ending CR LF (ruling 31). */
export function toOmarCsv(rows: readonly OmarRow[], layout: OmarCsvLayout): Uint8Array {
  const bytes = new RowBytes(layout, 1_024);
  bytes.addHeader();
  for (const row of rows) {
    const value = Buffer.from(row.value, 'latin1');
    bytes.begin(row);
    bytes.add(row.endAt, value, 0, value.length, row.isEstimated);
  }
  return bytes.take();
}
