import { type Ask, describePages, type PageCase } from './page-setup.ts';
import { firstFileId, rowCount } from './rendered-pages.ts';

const kind = 'errors' as const;
const ask: Ask = (client) => client.errors(firstFileId);
const headings = ['Error', 'Occurrences'];

/** What every page of the errors needs. */
function withoutTable(at: number): Required<PageCase>['without'] {
  return Object.fromEntries<readonly [string | RegExp, string, number]>([
    ...headings.flatMap((heading): [string, readonly [string, string, number]][] => [
      [`without the heading ${heading} on page ${at + 1}`, [`<th>${heading}</th>`, '', at]],
      [`with an empty heading for ${heading} on page ${at + 1}`, [`<th>${heading}</th>`, '<th></th>', at]],
      [
        `with the heading ${heading} twice on page ${at + 1}`,
        ['<tr><th>', `<tr><th>${heading}</th><th>`, at],
      ],
    ]),
    [`without the headings on page ${at + 1}`, [/<tr><th>.*<\/tr>/, '', at]],
    [`without the table on page ${at + 1}`, [/<\/?table[^>]*>/g, '', at]],
    [`without the end of the table on page ${at + 1}`, ['</table>', '', at]],
  ]);
}

const row = '<tr><td>Value not numeric or out of range (R25)</td><td>1</td></tr>';

describePages({
  'the errors of a file, in two pages': {
    kind,
    ask,
    pages: ({ errors }) => errors,
    outcome: {
      kind: 'listed',
      errors: Array.from({ length: rowCount }, (_, at) => ({
        words: `Value not numeric or out of range (R${at})`,
        occurrences: 1,
      })),
    },
    without: {
      ...withoutTable(0),
      ...withoutTable(1),
      'without the words of an error': [row, '<tr><td></td><td>1</td></tr>', 1],
      'without the cell of the words': [row, '<tr><td>1</td></tr>', 1],
      'without its number': [row, '<tr><td>Value not numeric (R25)</td><td></td></tr>', 1],
      'without the cell of the number': [row, '<tr><td>Value not numeric (R25)</td></tr>', 1],
      'with a number that is none': [row, '<tr><td>Value not numeric (R25)</td><td>some</td></tr>', 1],
      'with a 26th row': ['</table>', `${row}</table>`],
      'cut in its last page': [/<\/td><\/tr>\s*<\/table>[\s\S]*/, '', 1],
    },
  },
  'the errors of a file that has none': {
    kind,
    ask,
    pages: ({ noErrors }) => noErrors,
    outcome: { kind: 'listed', errors: [] },
    without: withoutTable(0),
  },
  'the log-in page in place of the errors, twice': {
    kind,
    ask,
    pages: ({ logIn }) => [logIn, logIn],
    outcome: { kind: 'unavailable', why: 'two sessions in a row ended: the log-in page' },
    without: { 'without its heading': [/<h1>.*<\/h1>/, ''], 'without "Log In"': ['Log In', ''] },
  },
  'the maintenance page in place of the errors': {
    kind,
    ask,
    pages: ({ maintenance }) => maintenance,
    outcome: { kind: 'unavailable', why: 'a maintenance page' },
    without: { 'without "maintenance"': ['maintenance', ''] },
  },
});
