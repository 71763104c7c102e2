import type { CheerioAPI } from 'cheerio';
import { type Reading, toFolded } from '../../https/text.ts';
import { loadPage } from './load-page.ts';

/** For each column that is wanted, the letters its heading may have, without blanks and signs and in lower case. */
export type Columns<K extends string> = Readonly<Record<K, readonly string[]>>;

/** The most data rows on a page (status specification, 3.2 and 3.3). */
export const rowsPerPage = 25;

type Selection = ReturnType<CheerioAPI>;

/** What a row may say that is no data: nothing, the links between pages, or that there is nothing. */
const noData = /^(?:(?:first|previous|prev|next|last|\||<|>|«|»)\s*)*$|^no \w+(?: \w+)?(?: found)?\.?$/i;

/**
 * The data rows of the one table that has all the wanted headings in one row, by heading, wherever the columns stand
 * and whatever other columns there are. It is read whole or not at all: a row that does not fit, text outside every
 * cell or a table without its end is refused, for a row that is overlooked would read as a file that is absent.
 */
export function readTable<K extends string>(
  html: string,
  columns: Columns<K>,
): Reading<readonly Readonly<Record<K, string>>[]> {
  const page = loadPage(html);
  if ('why' in page) return page;
  const $ = page.found;
  const keys = Object.keys(columns) as K[];
  const headers = $('tr')
    .toArray()
    .map((row) => ({ row: $(row), places: findPlaces(toCells($, $(row)), keys, columns) }))
    .filter(({ places }) => places !== undefined);
  const [header] = headers;
  if (header?.places === undefined) return { why: `no table with the columns ${keys.join(', ')}` };
  if (headers.length > 1) return { why: `several tables with the columns ${keys.join(', ')}` };
  const table = header.row.closest('table');
  const stray = findStrayText($, table);
  if (stray !== undefined) return { why: stray };
  const width = header.row.children('td, th').length;
  const rows: Record<K, string>[] = [];
  const own = table.find('tr').filter((_, row) => $(row).closest('table').is(table));
  for (const row of own.slice(own.index(header.row) + 1).toArray()) {
    const cells = toCells($, $(row));
    if (cells.length === 1 && noData.test(cells[0] ?? '')) continue;
    if (cells.length !== width || $(row).children('[colspan], [rowspan]').length > 0) {
      return {
        why: `a row of ${cells.length} cells under ${width} headings: ${cells.join(' | ').slice(0, 200)}`,
      };
    }
    if (rows.length === rowsPerPage) return { why: `more than ${rowsPerPage} rows on a page` };
    const places = header.places;
    rows.push(Object.fromEntries(keys.map((key) => [key, cells[places[key]] ?? ''])) as Record<K, string>);
  }
  return { found: rows };
}

function toCells($: CheerioAPI, row: Selection): string[] {
  return row
    .children('td, th')
    .toArray()
    .map((cell) => toFolded($(cell).text()));
}

/** Where each wanted column stands, if every one of them stands there once. */
function findPlaces<K extends string>(
  cells: readonly string[],
  keys: readonly K[],
  columns: Columns<K>,
): Readonly<Record<K, number>> | undefined {
  const labels = cells.map((cell) => cell.toLowerCase().replace(/[^a-z]/g, ''));
  const places = {} as Record<K, number>;
  for (const key of keys) {
    const fits = labels.flatMap((label, place) => (columns[key].includes(label) ? [place] : []));
    const [place] = fits;
    if (place === undefined || fits.length > 1) return undefined;
    places[key] = place;
  }
  return places;
}

/**
 * An HTML parser moves what stands between cells out of the table, so that a row with damaged tags would be missed
 * without a trace; the places in the source show it.
 */
function findStrayText($: CheerioAPI, table: Selection): string | undefined {
  const place = table.get(0)?.sourceCodeLocation;
  const end = place && 'endTag' in place ? place.endTag : undefined;
  if (!place || !end) return 'a table without its end';
  const nodes: { node: Selection[number]; isInside: boolean }[] = $.root()
    .toArray()
    .map((node) => ({ node, isInside: false }));
  for (let next = nodes.pop(); next !== undefined; next = nodes.pop()) {
    const { node } = next;
    const isInside = next.isInside || node === table.get(0);
    if ('children' in node) for (const child of node.children) nodes.push({ node: child, isInside });
    const at = node.sourceCodeLocation;
    if (node.type !== 'text' || isInside || !at || node.data.trim() === '') continue;
    if (at.startOffset >= place.startOffset && at.startOffset < end.startOffset) {
      return `text in the table that stands in no cell: ${toFolded(node.data).slice(0, 200)}`;
    }
  }
  return undefined;
}
