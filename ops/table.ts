/** One column of a table: its heading and the text of a row's cell. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string | number | null;
  /** Numbers stand at the right edge. */
  readonly isNumber?: boolean;
}

/**
 * A table for people, with a heading line; what is absent shows as a dash.
 *
 * @param nothing the sentence that stands for a table without rows
 */
export function toTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): string {
  if (rows.length === 0) return `${nothing}\n`;
  const lines = [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(toCell(row)))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (text: string, at: number) =>
    columns[at]?.isNumber ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return lines.map((line) => `${line.map(pad).join('  ').trimEnd()}\n`).join('');
}

function toCell<Row>(row: Row): (column: Column<Row>) => string {
  return ({ cell }) => {
    const value = cell(row);
    return value === null || value === '' ? '-' : String(value);
  };
}

/** An instant as people read it on a screen: UTC, to the second. */
export function toTimeText(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
