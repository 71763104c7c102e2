import { describe, expect, test } from 'vitest';
import { parseFileErrors } from '../../../../bridge/omar/pages/file-errors.ts';

const page = `<html><body>
<table border="1">
<tr><th>Error</th><th>Occurrences</th></tr>
<tr><td>Unknown resource identifier</td><td>96</td></tr>
<tr><td>Duplicate interval</td><td>1</td></tr>
</table>
</body></html>`;

const expected = [
  { words: 'Unknown resource identifier', occurrences: 96 },
  { words: 'Duplicate interval', occurrences: 1 },
];

describe('parseFileErrors() reads', () => {
  const variations: Record<string, string> = {
    'the page as it is': page,
    'other headings': page
      .replace('Error<', 'Error Description<')
      .replace('Occurrences', 'Number of&nbsp;Occurrences'),
    'more columns in another order': page.replace(
      /<tr><t(.)>([^<]*)<\/t.><t.>([^<]*)<\/t.>/g,
      '<tr><t$1>$3</t$1><t$1>Code</t$1><t$1>$2</t$1>',
    ),
    'damaged tags': page.replaceAll('</td>', '<fd>').replaceAll('</tr>', '<fr>').replaceAll('<td', '<TD'),
  };
  test.each(Object.entries(variations))('%s', (name, varied) => {
    if (name !== 'the page as it is') expect(varied).not.toBe(page);
    expect(parseFileErrors(varied)).toEqual({ found: expected });
  });

  test('a file without errors', () => {
    expect(parseFileErrors(page.replace(/<tr><td>.*<\/tr>\n/g, ''))).toEqual({ found: [] });
  });
});

describe('parseFileErrors() does not recognise a page', () => {
  const faults: Record<string, [string | RegExp, string]> = {
    'without the heading of the errors': ['>Error<', '>What<'],
    'without the heading of the numbers': ['Occurrences', 'What'],
    'without words': ['Duplicate interval', ''],
    'without a number': ['<td>1<', '<td><'],
    'with a number that is none': ['<td>1<', '<td>one<'],
    'without the end of the table': ['</table>', ''],
  };
  test.each(Object.entries(faults))('%s', (_, [pattern, replacement]) => {
    const faulty = page.replace(pattern, replacement);
    expect(faulty).not.toBe(page);
    expect(parseFileErrors(faulty)).toEqual({ why: expect.any(String) });
  });
});
