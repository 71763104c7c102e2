import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readKeptPage } from '../../../../bridge/omar/pages/read-kept-page.ts';

const folder = new URL('./kept/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.page'));

describe('pages that were kept are read', () => {
  test.each(pages)('%s', (name) => {
    const kind = name.split('-')[0] as 'upload' | 'status' | 'errors';
    const expected = JSON.parse(readFileSync(new URL(name.replace('.page', '.json'), folder), 'utf8'));
    expect(readKeptPage(kind, readFileSync(new URL(name, folder)))).toEqual(expected);
  });

  test('there is one', () => {
    expect(pages.length).toBeGreaterThan(0);
  });
});

test.each([
  ['session', '<p>hello</p>', { why: 'no session cookie came with it' }],
  ['session', '<h1>Log in</h1>', { found: 'the log-in page' }],
  ['status', '<h1>Down for maintenance</h1>', { found: 'a maintenance page' }],
  ['upload', '<td>Error in File Processing</td>', { found: expect.stringContaining('refused the file') }],
  ['errors', '<p>hello</p>', { why: expect.stringContaining('no table') }],
] as const)('a %s page %s', (kind, html, reading) => {
  expect(readKeptPage(kind, Buffer.from(html))).toEqual(reading);
});
