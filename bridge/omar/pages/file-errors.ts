import type { Reading } from '../../https/text.ts';
import type { OmarFileError } from '../outcomes.ts';
import { readTable } from './table.ts';

/** The headings are not documented (status specification, 3.3): what can stand above an error and its number. */
const columns = {
  words: ['error', 'errors', 'errordescription', 'errormessage', 'validationerror', 'description', 'message'],
  occurrences: ['occurrences', 'occurrence', 'numberofoccurrences', 'noofoccurrences', 'count', 'errorcount'],
} as const;

/** One page of the errors of a file, all of its rows or none. */
export function parseFileErrors(html: string): Reading<readonly OmarFileError[]> {
  const rows = readTable(html, columns);
  if ('why' in rows) return rows;
  const errors: OmarFileError[] = [];
  for (const row of rows.found) {
    const occurrences = row.occurrences.replaceAll(',', '');
    if (row.words === '') return { why: 'an error without words' };
    if (!/^\d+$/.test(occurrences)) return { why: `a number of errors that is none: ${row.occurrences}` };
    errors.push({ words: row.words, occurrences: Number(occurrences) });
  }
  return { found: errors };
}
