import { describe, expect, test } from 'vitest';
import { laterAt } from '../omar-setup.ts';
import { type Ask, describePages, expectKept, openShowing, type PageCase } from './page-setup.ts';
import { firstFileId, refusalWords, uploadedBytes, uploadedName } from './rendered-pages.ts';

const ask: Ask = (client) => client.upload(uploadedName, Buffer.from('x'), laterAt);
const kind = 'upload' as const;

/** Each of its words is needed. */
const withoutWordsOfError: PageCase['without'] = {
  'without "Error"': ['Error in', 'in'],
  'without "in"': ['Error in', 'Error'],
  'without "File"': ['in File', 'in'],
  'without "Processing"': ['File Processing', 'File'],
  'with other words': ['Error in File Processing', 'Your file was looked at'],
  'with the words in a comment': ['Error in File Processing', '<!-- Error in File Processing -->'],
};

describePages({
  'the answer to an upload that was taken': {
    kind,
    ask,
    pages: ({ uploaded }) => uploaded,
    outcome: {
      kind: 'received',
      fileId: firstFileId,
      savedAs: `${firstFileId}_${uploadedName}`,
      bytes: uploadedBytes,
    },
    without: {
      'without the name': [`${uploadedName} Meter`, 'Meter'],
      'without "Meter file uploaded"': ['Meter file uploaded and ', ''],
      'without "Saved As"': ['Saved As ', ''],
      'without the saved name': [`Saved As ${firstFileId}_${uploadedName}`, 'Saved As'],
      'with the saved name cut': [`_${uploadedName}`, '_sam'],
      'without the row of the name': [/<tr>\s*<td[^>]*>sample[\s\S]*?<\/tr>/, ''],
      'without "File Size"': ['File Size', ''],
      'without the size': [/File Size : \d+/, 'File Size :'],
      'without the row of the size': [/<tr>\s*<td[^>]*>File Size[\s\S]*?<\/tr>/, ''],
      'without any file id': [/528527/g, ''],
      'without the row of the file id, the saved name having none': [
        /528527_|<tr>\s*<td[^>]*>File Id[\s\S]*?<\/tr>/g,
        '',
      ],
      'with two file ids': ['File Id: 528527', 'File Id: 528528'],
      'cut after the size': [/<td[^>]*>File Id[\s\S]*/, '<td>File Id: 5285'],
      'with an error in it': ['</table>', '<tr><td>Error in File Processing</td></tr></table>'],
    },
    unfit: { 'with another name': [`${uploadedName} Meter`, 'other.csv Meter'] },
  },
  ...Object.fromEntries(
    refusalWords.map((words) => [
      `the refusal "${words}"`,
      {
        kind,
        ask,
        pages: ({ refusals }) => refusals[words] ?? '',
        outcome: { kind: 'refused', words: expect.stringContaining(words) },
        without: withoutWordsOfError,
      } satisfies PageCase,
    ]),
  ),
  'the log-in page, twice': {
    kind,
    ask,
    pages: ({ logIn }) => [logIn, logIn],
    outcome: { kind: 'session-ended', why: 'HTTP 200, asked to log in' },
    without: {
      'without its heading': [/<h1>.*<\/h1>/, ''],
      'with its words in no heading': ['h1', 'p'],
      'without "Log In"': ['Log In', ''],
      'with words about a file': ['</p>', ' Your file is being looked at.</p>'],
    },
  },
  'the maintenance page': {
    kind,
    ask,
    pages: ({ maintenance }) => maintenance,
    outcome: { kind: 'unknown', why: 'a maintenance page' },
    without: { 'without "maintenance"': ['maintenance', ''] },
  },
});

describe('an answer to an upload that says two things is kept:', () => {
  test.each(['sample5.csv Meter file uploaded', 'File Id: 528527', 'Saved As 528527_sample5.csv'])(
    'an error, and %s',
    async (words) => {
      const html = `<html><p>Error in File Processing</p><p>${words}</p></html>`;
      const show = await openShowing();
      expectKept(await show([html], ask), kind, html);
    },
  );
});
