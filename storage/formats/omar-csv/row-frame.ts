import { type OmarColumnName, type OmarCsvLayout, type OmarSeries, omarColumns } from './columns.ts';

const varying: readonly OmarColumnName[] = ['INTERVAL_END_GMT', 'VALUE', 'QUALITY'];

/** The columns that differ from row to row, in the layout's order; the others are the series'. */
export function toVarying(layout: OmarCsvLayout): readonly OmarColumnName[] {
  return layout.columns.filter((name) => varying.includes(name));
}

/** What stands before each varying column, and after the last: the same in all rows of a series. */
export function toBetween(series: OmarSeries, layout: OmarCsvLayout): Buffer[] {
  const row = { ...series, endAt: 0, value: '', isEstimated: false };
  const texts = [''];
  for (const [index, name] of layout.columns.entries()) {
    const start = index === 0 ? '' : layout.delimiter;
    const text = varying.includes(name) ? start : `${start}${omarColumns[name].toText(row, layout)}`;
    texts.push(`${texts.pop() ?? ''}${text}`);
    if (varying.includes(name)) texts.push('');
  }
  return texts.map((text) => Buffer.from(text, 'latin1'));
}
