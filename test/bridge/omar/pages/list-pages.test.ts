import { expect } from 'vitest';
import { omarStatuses } from '../../../../bridge/omar/outcomes.ts';
import { type Ask, describePages, type PageCase } from './page-setup.ts';
import { fileIdsByStatus, rowCount, uploadedName } from './rendered-pages.ts';

const kind = 'status' as const;
const askWhole: Ask = (client) => client.walk();
const askFor =
  (fileId: string): Ask =>
  (client) =>
    client.status(fileId);

const headings = ['File Id', 'File Format', 'Status', 'File Name', 'Received Date and Time', 'Record Count'];

/** What every page of the list needs, whatever rows it shows. */
function withoutTable(at: number): Required<PageCase>['without'] {
  return Object.fromEntries<readonly [string | RegExp, string, number]>([
    ...headings.flatMap((heading): [string, readonly [string, string, number]][] => [
      [`without the heading ${heading}`, [`<th>${heading}</th>`, '', at]],
      [`with an empty heading for ${heading}`, [`<th>${heading}</th>`, '<th></th>', at]],
      [`with the heading ${heading} twice`, ['<tr><th>', `<tr><th>${heading}</th><th>`, at]],
    ]),
    ['without its headings', [/<tr><th>.*<\/tr>/, '', at]],
    ['without its table', [/<\/?table[^>]*>/g, '', at]],
    ['without the end of its table', ['</table>', '', at]],
    ['with an error before it', ['<table', '<p>Error in File Processing</p><table', at]],
  ]);
}

/** What a row needs: each of its cells, and something in those that are named. */
function withoutCells(filled: readonly string[], row: number, at: number): Required<PageCase>['without'] {
  return Object.fromEntries(
    headings.flatMap((heading, place) => {
      const cell = new RegExp(`((?:<tr><td>.*\\n){${row}}<tr>(?:<td>[^<]*</td>){${place}})<td>[^<]*</td>`);
      const gone = [`without the cell ${heading} in row ${row + 1}`, [cell, '$1', at]] as const;
      const empty = [`with an empty cell ${heading} in row ${row + 1}`, [cell, '$1<td> </td>', at]] as const;
      return filled.includes(heading) ? [gone, empty] : [gone];
    }),
  );
}

const toFile = (fileId: string, status: string, name: string, records: number | undefined) => ({
  ...{ fileId, format: 'CSV', status, name, records },
  received: expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/),
});

/** How many records the list tells of the file in each status. */
const records: Readonly<Record<string, number | undefined>> = {
  'Upload Complete': 3,
  'Running Validation': 3,
  'Validation Error': 3,
  'Validation Passed': 3,
  'Validation Failed': rowCount,
};

/** What is read before the end of the validation may be blank. */
const toFilled = (status: string) =>
  /Passed|Failed/.test(status) ? headings : ['File Id', 'Status', 'File Name'];

const logIn: PageCase = {
  kind,
  ask: askFor('1'),
  pages: (rendered) => [rendered.logIn, rendered.logIn],
  outcome: { kind: 'unavailable', why: 'two sessions in a row ended: the log-in page' },
  without: {
    'without its heading': [/<h1>.*<\/h1>/, ''],
    'with its words in no heading': [/h1/g, 'p'],
    'without "Log In"': ['Log In', ''],
  },
};

const maintenance: PageCase = {
  kind,
  ask: askFor('1'),
  pages: (rendered) => rendered.maintenance,
  outcome: { kind: 'unavailable', why: 'a maintenance page' },
  without: { 'without "maintenance"': ['maintenance', ''] },
};

describePages({
  ...Object.fromEntries(
    omarStatuses.map((status) => {
      const fileId = fileIdsByStatus[status];
      const file = toFile(fileId, status, uploadedName, records[status]);
      const word = status.split(' ')[1] ?? '';
      const each: PageCase = {
        kind,
        ask: askFor(fileId),
        pages: ({ single }) => single[status] ?? '',
        outcome: { kind: 'listed', file },
        without: {
          ...(status === 'Validation Passed' ? withoutTable(0) : {}),
          ...withoutCells(toFilled(status), 0, 0),
          'with a status cut': [word, ''],
          'with words around the status': [`<td>${status}`, `<td>Not ${status}`],
        },
        unfit: {
          'with another file': [`<td>${fileId}`, '<td>9'],
          'with a row more': [/(<tr><td>.*<\/tr>)/, '$1$1'],
        },
      };
      return [`one file, ${status}`, each];
    }),
  ),
  'one file that is not there': {
    kind,
    ask: askFor('1'),
    pages: ({ absent }) => absent,
    outcome: { kind: 'absent' },
    without: withoutTable(0),
  },
  'the whole list, in two pages': {
    kind,
    ask: askWhole,
    pages: ({ list }) => list,
    outcome: {
      kind: 'listed',
      files: Array.from({ length: rowCount }, (_, at) =>
        at === 0
          ? toFile('528527', 'Validation Failed', uploadedName, rowCount)
          : toFile(String(528_527 + at), 'Validation Passed', `unit${at + 1}.csv`, 1),
      ),
    },
    without: {
      ...Object.fromEntries(
        [0, 1].flatMap((at) =>
          Object.entries(withoutTable(at)).map(([name, each]) => [`${name} on page ${at + 1}`, each]),
        ),
      ),
      ...withoutCells(headings, 24, 0),
      ...withoutCells(headings, 1, 1),
      'with a 26th row': [/(<tr><td>.*<\/tr>\n)(?=<\/table>)/, '$1$1'],
      'with a row between the pages that is none': ['</table>', '<tr><td>and 2 more</td></tr></table>'],
      'cut in its last page': [/<\/td><\/tr>\s*<\/table>[\s\S]*/, '', 1],
    },
  },
  'the log-in page in place of the list, twice': logIn,
  'the maintenance page in place of the list': maintenance,
});
