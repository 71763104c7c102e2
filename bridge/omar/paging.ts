import type { Reading } from '../https/text.ts';
import type { PageKind, Unavailable, Unrecognised } from './outcomes.ts';
import { rowsPerPage } from './pages/table.ts';
import type { SessionEnded, Visit } from './visit.ts';

export interface Paging<T> {
  readonly pageKind: PageKind;
  /** Address of the first page. */
  readonly first: string;
  /** Address that moves the session on by one page. */
  readonly next: string;
  readonly parse: (html: string) => Reading<readonly T[]>;
  /** What makes a row itself, whatever else in it changes. */
  readonly keyOf: (row: T) => string;
  readonly maxPages: number;
}

/**
 * Every row from the first page to the last; a row that moved on meanwhile may stand twice. The position stands in the
 * ISO's session, which therefore must serve nothing else meanwhile. The end is a page that is not full, or one equal to
 * the page before it.
 */
export async function readPages<T>(
  visit: Visit,
  paging: Paging<T>,
): Promise<
  | { readonly kind: 'listed'; readonly rows: readonly T[]; readonly isEndDoubtful?: true }
  | { readonly kind: 'incomplete'; readonly why: string }
  | SessionEnded
  | Unavailable
  | Unrecognised
> {
  const rows: T[] = [];
  let before: string | undefined;
  for (let page = 0; page < paging.maxPages; page++) {
    const answer = await visit.read(paging.pageKind, page === 0 ? paging.first : paging.next, paging.parse);
    if (answer.kind !== 'read') return answer;
    const shown = JSON.stringify(answer.value.map(paging.keyOf));
    if (shown === before) return { kind: 'listed', rows, isEndDoubtful: true };
    rows.push(...answer.value);
    if (answer.value.length < rowsPerPage) return { kind: 'listed', rows };
    before = shown;
  }
  return { kind: 'incomplete', why: `more than ${paging.maxPages} pages` };
}
