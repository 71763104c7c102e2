import {
  type OmarCsvLayout,
  type OmarRow,
  omarColumns,
  toHeaderLine,
} from '../../../storage/formats/omar-csv/columns.ts';

/**
 * The cells of each row of a CSV file, split alike for validation and downloads: what passed can be shown. Its header in
 * any letter case, blank lines and a last line end may be there or not.
 */
export function splitCsv(bytes: Buffer, layout: OmarCsvLayout): string[][] {
  const lines = bytes
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const isHeaded = layout.hasHeader && lines[0]?.toUpperCase() === toHeaderLine(layout).toUpperCase();
  return lines.slice(isHeaded ? 1 : 0).map((line) => line.split(layout.delimiter));
}

/** What the cells of a row mean; why they mean nothing, as those of a file that passed in another layout may. */
export function parseCsvRow(cells: readonly string[], layout: OmarCsvLayout): OmarRow | { why: string } {
  const { name: layoutName, columns } = layout;
  if (cells.length !== columns.length) {
    return { why: `${cells.length} columns, expected the ${columns.length} of layout ${layoutName}` };
  }
  const row: Record<string, unknown> = { ...layout.fixed };
  for (const [at, name] of columns.entries()) {
    const { key, expected, find } = omarColumns[name];
    const cell = cells[at] ?? '';
    row[key] = find(cell, layout);
    if (row[key] !== undefined) continue;
    return { why: `${name} is ${JSON.stringify(cell)}, expected ${expected} (layout ${layoutName})` };
  }
  // A layout has a column or a fixed value for each key, of its own type.
  return row as unknown as OmarRow;
}
