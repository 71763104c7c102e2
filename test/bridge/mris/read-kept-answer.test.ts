import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readKeptAnswer } from '../../../bridge/mris/answers/read-kept-answer.ts';
import { toJsonText } from '../../../ops/print.ts';
import type { MrisWorkKind } from '../../../storage/model/forwarding.ts';
import { mapping } from './mris-setup.ts';

const folder = new URL('./kept/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.page'));

describe('answers that were kept are read', () => {
  test.each(pages)('%s', async (name) => {
    const kind = name.split('-')[0] as MrisWorkKind;
    const sidecar = readFileSync(new URL(name.replace('.page', '.json'), folder), 'utf8');
    const { head, reading } = JSON.parse(sidecar);
    const bytes = readFileSync(new URL(name, folder));
    const found = await readKeptAnswer(kind, { ...head, bytes }, mapping, 0);
    expect(JSON.parse(toJsonText(found))).toEqual(reading);
  });

  test('there is one of each kind', () => {
    expect(new Set(pages.map((name) => name.split('-')[0]))).toEqual(
      new Set(['submit', 'batch', 'retrieve']),
    );
  });
});

test.each([
  ['submit', 200, '<p>hello</p>', { why: 'a page instead of a SOAP envelope' }],
  [
    'batch',
    200,
    '<h1>Down for maintenance</h1>',
    { found: { kind: 'unavailable', why: 'a maintenance page' } },
  ],
  ['retrieve', 403, '<p>no</p>', { found: { kind: 'denied', words: 'HTTP 403: no' } }],
] as const)('a %s answer of status %i: %s', async (kind, httpStatus, page, reading) => {
  const kept = { httpStatus, contentType: 'text/html', bytes: Buffer.from(page) };
  expect(await readKeptAnswer(kind, kept, mapping, 0)).toEqual(reading);
});
