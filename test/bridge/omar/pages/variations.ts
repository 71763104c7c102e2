/** The words that the documents print, and those that our log-in and maintenance pages are known by. */
const printed = [
  'Meter file uploaded and Saved As',
  'Error in File Processing',
  ...['File Size', 'File Id', 'File Format', 'File Name', 'Received Date and Time', 'Record Count', 'Status'],
  ...['Uploading File', 'Upload Error', 'Upload Complete', 'Running Validation'],
  ...['Validation Error', 'Validation Passed', 'Validation Failed'],
  'Occurrences',
  'OMAR-Online',
  'Log In',
  'maintenance',
];
const printedWords = new RegExp(`\\b(?:${printed.join('|')})\\b|(?<=<th>)Error(?=</th>)`, 'g');
const labels =
  /((?<=<th>)[^<]+|\b(?:Saved As|File Size|File Id|Error in File Processing|Log In|OMAR-Online)\b) *:? */g;

/** Every row by its cells. */
function withRows(
  html: string,
  change: (cells: readonly string[], tag: string) => readonly string[],
): string {
  return html.replace(/<tr>\s*(?:<t[hd]\b[^>]*>[^<]*<\/t[hd]>\s*)+<\/tr>/g, (row) => {
    const cells = row.match(/<t[hd]\b[^>]*>[^<]*<\/t[hd]>/g) ?? [];
    return `<tr>${change(cells, row.includes('<th') ? 'th' : 'td').join('')}</tr>`;
  });
}

/**
 * A page as it may look one day, or as the scan of the specifications shows it: of every kind of page it must read the
 * same. A page without a table has its lines in place of rows and columns.
 */
export const variations: Readonly<Record<string, (html: string) => string>> = {
  'columns in another order': (html) =>
    html.includes('<th>')
      ? withRows(html, (cells) => cells.toReversed())
      : html.replace(/(?<=<table>\n|<body>\n)[\s\S]*?(?=<\/table>|<\/body>)/, (lines) =>
          (lines.match(/<tr>[\s\S]*?<\/tr>\n|<(\w+)>.*<\/\1>\n/g) ?? []).toReversed().join('<br>'),
        ),
  'more columns': (html) =>
    withRows(html, (cells, tag) => [`<${tag}>Late</${tag}>`, ...cells, `<${tag}>Change 1</${tag}>`]).replace(
      '</body>',
      '<p>Have a nice day</p>\n</body>',
    ),
  'headings in other tags': (html) =>
    html
      .replaceAll(/(?<=<\/?)th\b/g, 'td')
      .replaceAll(/(?<=<\/?)h1\b/g, 'h2')
      .replaceAll('body', 'BODY'),
  'damaged tags': (html) =>
    html
      .replaceAll('</td>', '<fd>')
      .replaceAll('</tr>', '<fr>')
      .replaceAll(/<\/(?:p|h1)>/g, '<#h>')
      .replace('</body>', '<>'),
  'no end tags': (html) => html.replaceAll(/<\/(?:td|th|tr|p|body)>/g, ''),
  'an open quotation mark in each row': (html) =>
    html
      .replaceAll(/<tr>\s*<(t[hd])\b[^>]*>/g, '<tr><$1 class="formgray >')
      .replaceAll(/<(h1|p|body)>/g, '<$1 class="x >'),
  'open quotation marks everywhere': (html) =>
    html.replaceAll(/<(t[hdr]|h1|p|body)\b[^>]*>/g, '<$1 class="formgray >'),
  'upper-case tags': (html) => html.replaceAll(/(?<=<\/?)\w+/g, (tag) => tag.toUpperCase()),
  'no-break spaces': (html) =>
    html
      .replaceAll(printedWords, (words) => words.replace(' ', '&nbsp;').replaceAll(' ', '\u00a0'))
      .replace('<body>', '<body>&#160;'),
  'upper case': (html) => html.replaceAll(printedWords, (words) => words.toUpperCase()),
  'lower case': (html) => html.replaceAll(printedWords, (words) => words.toLowerCase()),
  'colons without spaces': (html) => html.replaceAll(labels, '$1:'),
  'colons between spaces': (html) => html.replaceAll(labels, '$1  : '),
  'no colons': (html) => html.replaceAll(labels, '$1 ').replace('<body>', '<body >'),
  'line breaks between words': (html) =>
    html.replaceAll(/(?<=[A-Za-z:]) (?=[A-Za-z:(])/g, '\r\n   ').replaceAll('\n', '\r\n'),
};
