import { type OmarCsvLayout, type OmarRow, toHeaderLine } from './columns.ts';
import { createRowLines } from './row-lines.ts';

/** The rows as a file of the layout, in the order given, every line ending CR LF (ruling 31). */
export function toOmarCsv(rows: readonly OmarRow[], layout: OmarCsvLayout): Uint8Array {
  const lines = rows.map(createRowLines(layout));
  if (layout.hasHeader) lines.unshift(toHeaderLine(layout));
  return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''));
}
