import { describe, expect, test } from 'vitest';
import { omarStatuses } from '../../../../bridge/omar/outcomes.ts';
import { parseStatusList } from '../../../../bridge/omar/pages/status-list.ts';

const headings = ['File Id', 'File Format', 'Status', 'File Name', 'Received Date and Time', 'Record Count'];
const rows = [
  ['528527', 'CSV', 'Validation Passed', 'sample5.csv', '03/02/2004 10:15:22', '2304'],
  ['528531', 'MDEF', 'Validation Failed', 'unit1.dat', '03/02/2004 10:17:03', '7'],
];
const toRow = (cells: readonly string[], tag: string) =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>\n`;
const toPage = (names: readonly string[], data: readonly (readonly string[])[]) =>
  `<html><body>\n<table border="1">\n${toRow(names, 'th')}${data.map((row) => toRow(row, 'td')).join('')}</table>
<a href="viewSubmittedDataDetails.jsp?dir=PREV">Previous</a> <a href="viewSubmittedDataDetails.jsp?dir=NEXT">Next</a>
</body></html>`;
const page = toPage(headings, rows);

const expected = [
  {
    fileId: '528527',
    format: 'CSV',
    status: 'Validation Passed',
    name: 'sample5.csv',
    received: '03/02/2004 10:15:22',
    records: 2304,
  },
  {
    fileId: '528531',
    format: 'MDEF',
    status: 'Validation Failed',
    name: 'unit1.dat',
    received: '03/02/2004 10:17:03',
    records: 7,
  },
];

describe('parseStatusList() reads what the page says, wherever it stands:', () => {
  const variations: Record<string, string> = {
    'as it is': page,
    'other order of columns': toPage(
      headings.toReversed(),
      rows.map((row) => row.toReversed()),
    ),
    'more columns': toPage(
      ['Late', ...headings, 'Changed', ''],
      rows.map((row) => ['N', ...row, '03/03/2004', '<a href="x">Errors</a>']),
    ),
    'headings in ordinary cells': page.replaceAll('th>', 'td>'),
    'upper-case tags': page.replace(/<\/?\w+/g, (tag) => tag.toUpperCase()),
    'damaged tags': page.replaceAll('</td>', '<fd>').replaceAll('</tr>', '<fr>'),
    'no end tags of cells and rows': page.replaceAll('</td>', '').replaceAll('</tr>', ''),
    'no-break spaces': page
      .replace('File Id', 'File&nbsp;Id')
      .replace('Validation Passed', 'Validation\u00a0Passed'),
    'letter case': page
      .replace('Record Count', 'RECORD COUNT')
      .replace('Validation Passed', 'VALIDATION passed'),
    'colons in headings': page.replace('File Id', 'File Id :'),
    'line breaks in cells': page.replace('Validation Passed', '\n  Validation\n  Passed\n'),
    'marks in cells': page.replace('sample5.csv', '<a href="f?id=528527"><b>sample5.csv</b></a>'),
    'status with its explanation': page.replace(
      'Validation Passed',
      'Validation Passed (Finished running validation procedure for this file.)',
    ),
    thousands: page.replace('2304', '2,304'),
    'a table around it': `<table><tr><td>${page}</td><td>menu</td></tr></table>`,
    'a title row above': page.replace('<tr><th>', '<tr><td colspan="6">Submitted files</td></tr><tr><th>'),
    'links in the table': page.replace('</table>', '<tr><td colspan="6">Previous | Next</td></tr></table>'),
    'other tables': page.replace('<table', '<table><tr><td>Status</td><td>File Id</td></tr></table><table'),
  };
  test.each(Object.entries(variations))('%s', (name, varied) => {
    if (name !== 'as it is') expect(varied).not.toBe(page);
    expect(parseStatusList(varied)).toEqual({ found: expected });
  });

  test.each(omarStatuses)('the status %s', (status) => {
    const list = parseStatusList(page.replace('Validation Passed', status));
    expect(list).toMatchObject({ found: [{ status }, {}] });
  });

  test('no rows, with and without words for it', () => {
    expect(parseStatusList(toPage(headings, []))).toEqual({ found: [] });
    const said = toPage(headings, []).replace(
      '</table>',
      '<tr><td colspan="6">No files found</td></tr></table>',
    );
    expect(parseStatusList(said)).toEqual({ found: [] });
  });

  test('blank format and record count, as while a file is uploaded', () => {
    const blank = toPage(headings, [['528527', '&nbsp;', 'Uploading File', 'a.csv', '', '']]);
    expect(parseStatusList(blank)).toMatchObject({
      found: [{ format: undefined, records: undefined, received: '' }],
    });
  });

  test('25 rows', () => {
    const full = Array.from({ length: 25 }, (_, at) => [
      String(at),
      'CSV',
      'Upload Complete',
      `${at}.csv`,
      'x',
      '1',
    ]);
    expect(parseStatusList(toPage(headings, full))).toMatchObject({ found: { length: 25 } });
    expect(parseStatusList(toPage(headings, [...full, ...full]))).toHaveProperty('why');
  });
});

describe('parseStatusList() does not recognise a page', () => {
  test.each(headings)('without the heading %s', (heading) => {
    expect(parseStatusList(page.replace(`<th>${heading}</th>`, '<th>Other</th>'))).toHaveProperty('why');
    expect(parseStatusList(page.replace(`<th>${heading}</th>`, ''))).toHaveProperty('why');
    expect(parseStatusList(page.replace('<th>File Id', `<th>${heading}</th><th>File Id`))).toHaveProperty(
      'why',
    );
  });

  const faults: Record<string, [string | RegExp, string]> = {
    'without its table': [/<\/?table[^>]*>/g, ''],
    'without the end of the table': ['</table>', ''],
    'that is cut after its first row': [/<tr><td>528531.*$/s, ''],
    'that is cut in a row': [/MDEF.*$/s, ''],
    'with a row that lacks a cell': ['<td>CSV</td>', ''],
    'with a row that has a cell more': ['<td>CSV</td>', '<td>CSV</td><td>x</td>'],
    'with a cell over two columns': ['<td>CSV</td>', '<td colspan="2">CSV</td>'],
    'with a row in one cell': [
      /<tr><td>528531.*<\/tr>/,
      '<tr><td>528531 MDEF Validation Failed unit1.dat</td></tr>',
    ],
    'with a damaged cell': ['<td>528531</td>', '<fd>528531</td>'],
    'with a row of damaged cells': [/<tr><td>528531.*<\/tr>/, '<tr><fd>528531</fd><fd>MDEF</fd></tr>'],
    'with a row that is damaged through and through': [/<tr><td>528531.*<\/tr>/, '<fr><fd>528531</fd></fr>'],
    'with an empty row': [/<tr><td>528531.*<\/tr>/, '<tr></tr>'],
    'with a file id that is no number': ['528531', '5285E1'],
    'without a file id': ['528531', ''],
    'with an unknown status': ['Validation Failed', 'Validation Pending'],
    'without a status': ['Validation Failed', ''],
    'with a status and words around it': ['Validation Failed', 'Not Validation Passed'],
    'with an unknown format': ['MDEF', 'XML'],
    'without a file name': ['unit1.dat', ''],
    'with a record count that is no number': ['<td>7<', '<td>seven<'],
    'with two such tables': [/<table.*<\/table>/s, '$&$&'],
  };
  test.each(Object.entries(faults))('%s', (_, [pattern, replacement]) => {
    const faulty = page.replace(pattern, replacement);
    expect(faulty).not.toBe(page);
    expect(parseStatusList(faulty)).toEqual({ why: expect.any(String) });
  });
});
