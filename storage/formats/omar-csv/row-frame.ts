import { AsciiText } from './ascii-text.ts';
import { type OmarColumnName, type OmarCsvLayout, type OmarSeries, omarColumns } from './columns.ts';

const varying: readonly OmarColumnName[] = ['INTERVAL_END_GMT', 'VALUE', 'QUALITY'];

/** The columns that differ from row to row, in the layout's order; the others are the series'. */
export function toVarying(layout: OmarCsvLayout): readonly OmarColumnName[] {
  return layout.columns.filter((name) => varying.includes(name));
}

/** What stands before each varying column, and after the last with the line end: the same in all rows of a series. */
export type RowFrame = readonly AsciiText[];

/** Resources come with several series that take turns day by day. */
const maxFrames = 64;

/** Gives the frame of a series; remembers some, because a frame costs as much as many rows. */
export function createFrameFinder(layout: OmarCsvLayout): (series: OmarSeries) => RowFrame {
  const frames = new Map<string, RowFrame>();
  return (series) => {
    const { resourceId, measurementType, unit, intervalMinutes } = series;
    const key = `${resourceId}\0${measurementType}\0${unit}\0${intervalMinutes}`;
    let frame = frames.get(key);
    if (frame === undefined) {
      if (frames.size >= maxFrames) frames.clear();
      frame = toFrame(series, layout);
      frames.set(key, frame);
    }
    return frame;
  };
}

function toFrame(series: OmarSeries, layout: OmarCsvLayout): RowFrame {
  const row = { ...series, endAt: 0, value: '', isEstimated: false };
  const texts = [''];
  for (const [index, name] of layout.columns.entries()) {
    const start = index === 0 ? '' : layout.delimiter;
    const text = varying.includes(name) ? start : `${start}${omarColumns[name].toText(row, layout)}`;
    texts.push(`${texts.pop() ?? ''}${text}`);
    if (varying.includes(name)) texts.push('');
  }
  return [...texts.slice(0, -1), `${texts.at(-1)}\r\n`].map((text) => new AsciiText(text));
}
