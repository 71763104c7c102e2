import { type OmarColumnName, type OmarCsvLayout, type OmarRow, omarColumns } from './columns.ts';

/** Columns that differ from row to row; the others are the series', the same for many rows. */
const varying: readonly OmarColumnName[] = ['INTERVAL_END_GMT', 'VALUE', 'QUALITY'];

/**
 * Turns rows into lines of a layout, without line end. What neighbouring rows share is put together once, between the
 * columns that vary.
 */
export function createRowLines(layout: OmarCsvLayout): (row: OmarRow) => string {
  const { columns, delimiter } = layout;
  const own = columns.filter((name) => varying.includes(name)).map((name) => omarColumns[name]);
  let last: OmarRow | undefined;
  let between: string[] = [];

  function toBetween(row: OmarRow): string[] {
    const texts = [''];
    for (const [index, name] of columns.entries()) {
      const start = index === 0 ? '' : delimiter;
      const text = varying.includes(name) ? start : `${start}${omarColumns[name].toText(row, layout)}`;
      texts.push(`${texts.pop() ?? ''}${text}`);
      if (varying.includes(name)) texts.push('');
    }
    return texts;
  }

  return (row) => {
    if (last === undefined || !isSameSeries(row, last)) between = toBetween(row);
    last = row;
    let line = between[0] as string;
    for (let i = 0; i < own.length; i++) {
      line += (own[i] as (typeof own)[number]).toText(row, layout) + (between[i + 1] as string);
    }
    return line;
  };
}

function isSameSeries(a: OmarRow, b: OmarRow): boolean {
  return (
    a.resourceId === b.resourceId &&
    a.measurementType === b.measurementType &&
    a.unit === b.unit &&
    a.intervalMinutes === b.intervalMinutes
  );
}
