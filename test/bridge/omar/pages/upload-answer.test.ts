import { describe, expect, test } from 'vitest';
import { parseUploadAnswer } from '../../../../bridge/omar/pages/upload-answer.ts';

const page = `<html><body>
<table>
<tr><td class="formgray">sample5.csv Meter file uploaded and Saved As 528527_sample5.csv</td></tr>
<tr><td class="formgray">File Size : 63186</td></tr>
<tr><td class="formgray">File Id: 528527 (save this file id for future reference and file status inquiries)</td></tr>
</table>
</body></html>`;

const expected = { sourceName: 'sample5.csv', savedAs: '528527_sample5.csv', bytes: 63186, fileId: '528527' };

/** The sample of the submission specification, 3.3.1, with the damage of its scan. */
const printed = `<table>
<tr>
<td class="formgray >test5.csv Meter file uploaded
and Saved As 528527_tests.csv<fd>
<fr>
<tr>
<td class="formgray>Fie Size : 63186<#d>
<fr>
<>
<td class="formgray >Fie Id: 528527
(save thisfile id for future reference and file status
inquiries)
<fd>
<fr>
<ftable>`;

test('parseUploadAnswer() reads the sample as the specification prints it', () => {
  expect(parseUploadAnswer(printed)).toEqual({
    found: { sourceName: 'test5.csv', savedAs: '528527_tests.csv', bytes: 63186, fileId: '528527' },
  });
});

describe('parseUploadAnswer() reads what the page says, whatever it looks like:', () => {
  const variations: Record<string, (html: string) => string> = {
    'as it is': (html) => html,
    'upper-case tags': (html) => html.replaceAll('td', 'TD').replaceAll('table', 'TABLE'),
    'damaged tags': (html) => html.replaceAll('</td>', '<fd>').replaceAll('</tr>', '<fr>'),
    'open quotation marks': (html) => html.replaceAll('formgray"', 'formgray '),
    'no tags at all': (html) => html.replace(/<[^>]*>/g, '\n'),
    'no-break spaces': (html) =>
      html.replaceAll('File Size', 'File&nbsp;Size').replaceAll(' : ', '&#160;:\u00a0'),
    'letter case': (html) =>
      html.replace('File Id', 'FILE ID').replace('File Size', 'file size').replace('Saved As', 'saved as'),
    'colon without space': (html) => html.replace('Size : ', 'Size:').replace('Id: ', 'Id:'),
    'no colon': (html) => html.replace('Size :', 'Size').replace('Id:', 'Id'),
    'line breaks between words': (html) => html.replaceAll(' ', '\r\n  '),
    'names in bold': (html) => html.replace(/(\w+\.csv)/g, '<b>$1</b>'),
    'order of rows': (html) => {
      const rows = html.match(/<tr>.*<\/tr>/g) ?? [];
      return rows.toReversed().join('');
    },
    thousands: (html) => html.replace('63186', '63,186'),
    'words around it': (html) =>
      html.replace('<table>', '<h1>OMAR-Online</h1><p>Your file was taken.</p><table>'),
    'file id before the saved name only': (html) => html.replace(/File Id.*inquiries\)/, ''),
    'file id in its row only': (html) => html.replace('528527_', 'copy_of_'),
    'the words in a comment and a script, too': (html) =>
      html.replace('<table>', '<!-- File Id: 1 > --><script>"File Size : 2 <td>"</script><table>'),
  };
  test.each(Object.entries(variations))('%s', (name, vary) => {
    const savedAs = name === 'file id in its row only' ? 'copy_of_sample5.csv' : expected.savedAs;
    const varied = vary(page);
    if (name !== 'as it is') expect(varied).not.toBe(page);
    expect(parseUploadAnswer(varied)).toEqual({ found: { ...expected, savedAs } });
  });
});

describe('parseUploadAnswer() does not recognise a page', () => {
  const faults: Record<string, [string | RegExp, string]> = {
    'without the source name': ['sample5.csv Meter', 'Meter'],
    'without "Meter file uploaded"': ['Meter file uploaded and', ''],
    'without "Saved As"': ['Saved As', ''],
    'without the saved name': ['528527_sample5.csv', ''],
    'whose saved name is cut': ['528527_sample5.csv', '528527_sample5'],
    'without "File Size"': ['File Size', ''],
    'without the size': ['63186', ''],
    'with another unit of size': ['63186', '63 KB'],
    'with a size that is not whole': ['63186', '63.186'],
    'with two sizes': ['File Size : 63186', 'File Size : 63186 File Size : 63187'],
    'without any file id': [/528527_|File Id.*inquiries\)/g, ''],
    'whose file id has no digits and whose saved name none either': [/528527/g, 'x'],
    'whose two file ids differ': ['File Id: 528527', 'File Id: 528528'],
    'whose file id is cut': [/File Id: 528527.*/s, 'File Id: 5285'],
    'about two files': ['</table>', '<td>b.csv Meter file uploaded and Saved As 528527_b.csv</td></table>'],
  };
  test.each(Object.entries(faults))('%s', (_, [pattern, replacement]) => {
    const faulty = page.replace(pattern, replacement);
    expect(faulty).not.toBe(page);
    expect(parseUploadAnswer(faulty)).toEqual({ why: expect.any(String) });
  });

  test('that only quotes the words in a comment or a script', () => {
    expect(parseUploadAnswer(`<!-- ${page} -->`)).toHaveProperty('why');
    expect(parseUploadAnswer(`<script>${page}</script>`)).toHaveProperty('why');
  });
});
