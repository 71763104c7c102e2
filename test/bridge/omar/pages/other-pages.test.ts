import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMaintenancePage } from '../../../../bridge/https/maintenance-page.ts';
import { toPlainText, toText } from '../../../../bridge/https/text.ts';
import { toUnrecognised } from '../../../../bridge/https/unrecognised.ts';
import { findErrorWords } from '../../../../bridge/omar/pages/error-page.ts';
import { parseFileErrors } from '../../../../bridge/omar/pages/file-errors.ts';
import { isLoginPage } from '../../../../bridge/omar/pages/login-page.ts';
import { parseStatusList } from '../../../../bridge/omar/pages/status-list.ts';
import { parseUploadAnswer } from '../../../../bridge/omar/pages/upload-answer.ts';

describe('findErrorWords()', () => {
  test.each([
    '<td class="formgray">Error in File Processing</td><td>File extension must be .csv or .dat</td>',
    '<TD>ERROR&nbsp;IN\nFILE <b>PROCESSING</b><fd><td class="x >File extension must be .csv or .dat',
  ])('knows the page by its words: %j', (html) => {
    expect(findErrorWords(html)).toMatch(/^error in file processing File extension must be \.csv or \.dat$/i);
  });

  test.each([
    'Error',
    'File Processing',
    '<!-- Error in File Processing -->',
    'Errors in File Processings',
    '',
  ])('does not know %j', (html) => {
    expect(findErrorWords(html)).toBeUndefined();
  });
});

describe('isLoginPage()', () => {
  test.each([
    '<title>OMAR-Online Login</title><p>Select a certificate.</p>',
    '<h1>Log&nbsp;in</h1>',
    '<H2>Please LOGON again</H2>',
    '<title>Session expired</title>',
    '<h3>Your session has timed out</h3>',
  ])('knows %j', (html) => {
    expect(isLoginPage(html)).toBe(true);
  });

  test.each([
    '<h1>OMAR-Online</h1><p>Log in</p>',
    '<h1>Catalogin</h1>',
    '<title>Login</title><p>a.csv Meter file uploaded and Saved As 1_a.csv</p>',
    '<title>Login</title><p>Your upload goes on.</p>',
    '<title>Login</title><table><tr><td>File Id</td></tr></table>',
    `<title>Login</title>${'long '.repeat(500)}`,
    '',
  ])('does not know %j', (html) => {
    expect(isLoginPage(html)).toBe(false);
  });
});

test('isMaintenancePage() knows a short page that says so', () => {
  expect(isMaintenancePage('<h1>Scheduled maintenance</h1>')).toBe(true);
  expect(isMaintenancePage('<p>The system is temporarily&nbsp;unavailable.</p>')).toBe(true);
  expect(isMaintenancePage('<p>Thank you</p>')).toBe(false);
  expect(isMaintenancePage(`<p>maintenance</p>${'long '.repeat(500)}`)).toBe(false);
});

describe('reading characters', () => {
  test('toText() takes UTF-8, and what is not that as Windows-1252', () => {
    expect(toText(Buffer.from('\u00a0\u2713'))).toBe('\u00a0\u2713');
    expect(toText(Buffer.from([0x46, 0xa0, 0x93]))).toBe('F\u00a0\u201c');
  });

  test('toPlainText() never takes long over a hostile page', () => {
    for (const piece of ['<', '<!--', '<script>', '<a ', '&nbsp', '\u00a0']) {
      const started = performance.now();
      toPlainText(piece.repeat(400_000 / piece.length));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});

test('toUnrecognised() keeps the bytes, and one fingerprint for a page with another time in it', () => {
  const of = (html: string) =>
    toUnrecognised('upload', { httpStatus: 200, headers: {}, bytes: Buffer.from(html) }, 'why').page;
  expect(of('<p>12:01</p>')).toMatchObject({ pageKind: 'upload', httpStatus: 200, why: 'why' });
  expect(Buffer.from(of('<p>12:01</p>').bytes).toString()).toBe('<p>12:01</p>');
  expect(of('<p>12:01</p>').fingerprint).toBe(of('<p>9:59</p>\n').fingerprint);
  expect(of('<p>12:01</p>').fingerprint).not.toBe(of('<p>12.01</p>').fingerprint);
});

test('the shared samples are read', ({ skip }) => {
  const folder = new URL('../../../../../shared/data/iso/proposed/', import.meta.url);
  if (!existsSync(folder)) {
    console.warn('SKIPPED the shared samples: their folder is not beside this checkout');
    skip('their folder is not beside this checkout');
  }
  const read = (name: string) => toText(readFileSync(new URL(name, folder)));
  expect(parseUploadAnswer(read('omar_upload_ok.html'))).toMatchObject({
    found: { fileId: '528527', bytes: 63186 },
  });
  expect(findErrorWords(read('omar_upload_error.html'))).toContain('File extension must be .csv or .dat');
  expect(parseStatusList(read('omar_status.html'))).toMatchObject({
    found: [{ records: 2304 }, { records: 7 }],
  });
  expect(parseFileErrors(read('omar_errors.html'))).toMatchObject({
    found: [{ occurrences: 96 }, { occurrences: 1 }],
  });
});
