import type { FormatName, Summary } from '../../../storage/formats/format.ts';

/** A count with its digits in groups, and what is counted. */
export function toCountText(count: number, one?: string, many = `${one}s`): string {
  const digits = count.toLocaleString('en-US');
  return one === undefined ? digits : `${digits} ${count === 1 ? one : many}`;
}

/** How many there are of each code: `1 N_LF, 12 E_FLAG`. */
export function toCodesText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([code, count]) => toCountText(count, code, code))
    .join(', ');
}

/** A share, from 0 to 1. */
export function toPercent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

type Qualities = Pick<Summary, 'estimated' | 'adjusted' | 'raw' | 'missing'>;

/** The qualities other than validated that there are, with their counts. */
export function listQualities({ estimated, adjusted, raw, missing }: Qualities): [string, number][] {
  return Object.entries({ estimated, adjusted, raw, missing }).filter(([, count]) => count > 0);
}

/** What a format's records are called. */
const recordWords: Readonly<Record<FormatName, string>> = {
  cmep: 'record',
  mdef: 'record',
  'omar-csv': 'row',
  'x12-867': 'segment',
  'x12-997': 'segment',
};

export function toRecordsText(format: FormatName, count: number): string {
  return toCountText(count, recordWords[format]);
}
