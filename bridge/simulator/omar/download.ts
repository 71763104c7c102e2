import { createMdefWriter } from '../../../storage/formats/mdef/mdef-writer.ts';
import { findUnfitWords, getOmarCsvLayout, type OmarRow } from '../../../storage/formats/omar-csv/columns.ts';
import { toOmarCsv } from '../../../storage/formats/omar-csv/to-omar-csv.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import { isDay } from '../../../storage/model/resource.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { toTradeDay } from '../../../storage/model/trade-day.ts';
import { parseCsvLayout } from '../../csv-layout.ts';
import type { DownloadRequest, DownloadShape } from '../../omar/download-shape.ts';

/** A file as an answer. */
export interface DownloadedFile {
  readonly contentType: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * What a query asks for, read as strictly as can be: every parameter of the shape once, and no other.
 *
 * @returns the words of the error page when it asks for nothing
 */
export function parseDownloadQuery(
  query: string,
  shape: DownloadShape,
): DownloadRequest | { readonly why: string } {
  const given = [...new URLSearchParams(query)];
  const expected = Object.entries(shape.parameters);
  const isWhole =
    given.length === expected.length && new Set(given.map(([name]) => name)).size === given.length;
  const found: Partial<Record<'resource' | 'from' | 'to', string>> = {};
  for (const [name, value] of given) {
    const template = shape.parameters[name];
    if (template === undefined || !isWhole) return { why: 'The request is not known' };
    const match = toPattern(template).exec(value);
    if (match === null) return { why: `The value of ${name} is not known` };
    Object.assign(found, match.groups);
  }
  const [from, to] = [toDay(found.from ?? '', shape), toDay(found.to ?? '', shape)];
  if (!isDay(from) || !isDay(to) || from > to) return { why: 'The dates are not valid' };
  const resourceId = found.resource ?? '';
  return /^[A-Z0-9_-]{1,32}$/.test(resourceId)
    ? { resourceId, from, to }
    : { why: 'Unknown resource identifier' };
}

function toPattern(template: string): RegExp {
  const escaped = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\{(resource|from|to)\}/g, '(?<$1>[^{}]+)')}$`);
}

/** `ccyy-mm-dd` of a day as the shape writes it; nothing of a day where it is written otherwise. */
function toDay(text: string, { dayFormat }: DownloadShape): string {
  const escaped = dayFormat.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped.replace('YYYY', '(?<year>\\d{4})').replace('MM', '(?<month>\\d\\d)');
  const { year, month, date } =
    new RegExp(`^${pattern.replace('DD', '(?<date>\\d\\d)')}$`).exec(text)?.groups ?? {};
  return `${year}-${month}-${date}`;
}

/**
 * What is held of a resource on some trade days, as a file; one without rows where nothing is.
 *
 * @returns the words of the error page when the layout would show a row as something else
 */
export function toDownloadedFile(
  held: readonly OmarRow[],
  { resourceId, from, to }: DownloadRequest,
  shape: DownloadShape,
  now: Instant,
): DownloadedFile | { readonly why: string } {
  const rows = held
    .filter((row) => row.resourceId === resourceId)
    .filter(({ endAt }) => toTradeDay(endAt) >= from && toTradeDay(endAt) <= to)
    .sort((one, other) => toSeries(one).localeCompare(toSeries(other)) || one.endAt - other.endAt);
  const { contentType } = shape;
  if (shape.format === 'mdef') {
    return { contentType, name: `${resourceId}.dat`, bytes: toMdef(rows, shape.profile, now) };
  }
  const layout = parseCsvLayout(shape.profile);
  for (const row of rows) {
    const why = findUnfitWords(row, layout);
    if (why !== undefined) return { why };
  }
  return { contentType, name: `${resourceId}.csv`, bytes: Buffer.from(toOmarCsv(rows, layout)) };
}

function toSeries({ measurementType, unit, intervalMinutes }: OmarRow): string {
  return [measurementType, unit, String(intervalMinutes).padStart(2, '0')].join(' ');
}

function toMdef(rows: readonly OmarRow[], profile: string, now: Instant): Buffer {
  const pieces: Buffer[] = [];
  const writer = createMdefWriter({ profile, now, onBytes: (bytes) => pieces.push(Buffer.from(bytes)) });
  const scanner = createScanner('omar-csv', {
    profile: 'gmt',
    now,
    onReadingSet: (set, readings) => writer.add(set, readings()),
  });
  scanner.push(toOmarCsv(rows, getOmarCsvLayout('gmt')));
  scanner.end();
  writer.end();
  return Buffer.concat(pieces);
}
