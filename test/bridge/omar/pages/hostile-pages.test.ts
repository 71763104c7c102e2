import { describe, expect, test } from 'vitest';
import { loadPage } from '../../../../bridge/omar/pages/load-page.ts';
import { isLoginPage } from '../../../../bridge/omar/pages/login-page.ts';
import { parseStatusList } from '../../../../bridge/omar/pages/status-list.ts';
import { parseUploadAnswer } from '../../../../bridge/omar/pages/upload-answer.ts';

const headings = ['File Id', 'File Format', 'Status', 'File Name', 'Received Date and Time', 'Record Count'];
const toRow = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const row = toRow(['1', 'CSV', 'Validation Passed', 'a.csv', 'x', '1']);
const toList = (rows: number) => `<html><table>${toRow(headings)}${row.repeat(rows)}</table></html>`;
const numbered = (count: number, write: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => write(at)).join('');

const tooMany = /too many tags/;
const hostile: Record<string, [string, RegExp]> = {
  'of 1,000 rows': [toList(1_000), /more than 25 rows/],
  'of 2,000 rows': [toList(2_000), tooMany],
  'of 8,000 rows': [toList(8_000), /characters/],
  'of 1,000 tables in each other': ['<table><tr><td>'.repeat(1_000), tooMany],
  'of 12,000 open <div>': ['<div>'.repeat(12_000), tooMany],
  'of 20,000 links': ['<a href="x">x</a>'.repeat(20_000), /no table/],
  'of fonts that every paragraph opens again': [
    `<p>${numbered(400, (at) => `<font color=${at}>`)}</p>${'<p>x</p>'.repeat(5_000)}`,
    tooMany,
  ],
  'of a tag with 20,000 attributes': [`<p ${numbered(20_000, (at) => `a${at}="x" `)}>`, /attributes/],
  'of a tag with 20,000 signs that end none': [`<p ${numbered(20_000, (at) => `a${at}=">" `)}>`, /no table/],
  'of a tag of 400,000 letters without an end': [`<${'a'.repeat(400_000)}`, /no table/],
  'of a tag that hides in a script': [`<script>"</script><p ${numbered(20_000, (at) => ` a${at}`)}>`, /attr/],
  'of one word of 400,000 letters': ['a.csv'.repeat(80_000), /no table/],
};

// Each of these took from five seconds to minutes, or threw: what is bounded takes a fraction of the test's limit.
describe('a hostile page is refused in a moment:', () => {
  test.each(Object.entries(hostile))('%s', (_, [page, why]) => {
    expect(parseStatusList(page)).toEqual({ why: expect.stringMatching(why) });
    expect(isLoginPage(`<title>Login</title>${page}`)).toBe(false);
    expect(parseUploadAnswer(page)).toHaveProperty('why');
  });
});

test('a page of OMAR-Online is far under every bound', () => {
  const cells = ['1', 'CSV', 'Validation Passed', '<font><b><a href="x">a.csv</a>', 'x', '1'];
  const rows = toRow(cells).replaceAll('</td>', '').replaceAll('</tr>', '').repeat(25);
  const page = `<script>if (a<b && c<d) e("</p>")</script><table>${toRow(headings)}${rows}</table>`;
  expect(loadPage(page)).toHaveProperty('found');
  expect(parseStatusList(page)).toMatchObject({ found: { length: 25 } });
});
