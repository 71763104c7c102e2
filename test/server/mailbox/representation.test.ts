import { describe, expect, test } from 'vitest';
import { toRepresentation } from '../../../server/mailbox/representation.ts';
import { parseFileName } from '../../../storage/model/file-name.ts';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import { parseFileKey } from '../../../storage/ports/file-store.ts';
import type { ServableFile } from '../../../storage/ports/mailboxes.ts';

const key = `20261121/${'ab'.repeat(16)}`;
const sha256 = parseSha256('1'.repeat(64));
const file: ServableFile = {
  name: parseFileName('202611210905.dat'),
  key: parseFileKey(key),
  root: 'on-line',
  sha256,
  bytes: 1000,
  postedAt: Date.parse('2026-11-21T17:05:30.700Z'),
  archivedAt: null,
  codings: [
    { coding: 'zstd', key: parseFileKey(`${key}.zstd`), sha256: parseSha256('2'.repeat(64)), bytes: 100 },
    { coding: 'gzip', key: parseFileKey(`${key}.gzip`), sha256: parseSha256('3'.repeat(64)), bytes: 120 },
  ],
};
const [identity, zstd, gzip] = [`"${sha256}"`, `"${sha256}-zstd"`, `"${sha256}-gzip"`];
const posted = 'Sat, 21 Nov 2026 17:05:30 GMT';
const before = 'Sat, 21 Nov 2026 17:05:29 GMT';

const choose = (headers: Record<string, string>) => {
  const { status, coding, etag, range } = toRepresentation('GET', headers, file);
  return { status, coding, etag, ...(range && { range }) };
};

describe('coding', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip;q=1.0, zstd;q=0.5', 'gzip'],
    ['zstd;q=0, gzip;q=0', 'identity'],
    ['*', 'zstd'],
    ['zstd;q=0, *', 'gzip'],
    ['identity, gzip;q=0.5', 'identity'],
    ['ZSTD', 'zstd'],
    ['zstd;q=nonsense', 'identity'],
  ])('Accept-Encoding %s gets %s', (header, coding) => {
    const chosen = choose(header === undefined ? {} : { 'accept-encoding': header });
    expect(chosen).toEqual({
      status: 200,
      coding,
      etag: coding === 'identity' ? identity : `"${sha256}-${coding}"`,
    });
  });

  test('what is not kept is not chosen', () => {
    const { coding, bytes } = toRepresentation(
      'GET',
      { 'accept-encoding': 'zstd' },
      { ...file, codings: [] },
    );
    expect({ coding, bytes }).toEqual({ coding: 'identity', bytes: 1000 });
  });
});

describe('ranges', () => {
  const range = { start: 10, end: 20 };

  test('are of identity, whatever codings are offered', () => {
    expect(choose({ range: 'bytes=10-19', 'accept-encoding': 'zstd' })).toEqual({
      status: 206,
      coding: 'identity',
      etag: identity,
      range,
    });
  });

  test.each([
    [identity, 206],
    [posted, 206],
    [zstd, 200],
    [`W/${identity}`, 200],
    [before, 200],
    ['"another"', 200],
  ])('If-Range %s gets %s', (condition, status) => {
    expect(choose({ range: 'bytes=10-19', 'if-range': condition }).status).toBe(status);
  });

  test('mean nothing to HEAD (RFC 9110, 14.2)', () => {
    expect(toRepresentation('HEAD', { range: 'bytes=10-19' }, file)).toMatchObject({
      status: 200,
      range: undefined,
    });
    expect(toRepresentation('HEAD', { range: 'bytes=99999-' }, file).status).toBe(200);
  });

  test('outside the file are 416, several are the whole', () => {
    expect(choose({ range: 'bytes=1000-' }).status).toBe(416);
    expect(choose({ range: 'bytes=0-1,5-6' }).status).toBe(200);
  });
});

describe('conditions', () => {
  test.each([
    [{ 'if-none-match': identity }, 304],
    [{ 'if-none-match': `"x", W/${identity}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"x"' }, 200],
    [{ 'if-none-match': '"x"', 'if-modified-since': posted }, 200],
    [{ 'if-modified-since': posted }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-match': identity }, 200],
    [{ 'if-match': gzip }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': `W/${identity}` }, 412],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-match': '"x"', 'if-none-match': identity }, 412],
    [{ 'if-unmodified-since': posted }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-none-match': identity, range: 'bytes=0-1' }, 304],
    [{ 'if-none-match': identity, range: 'bytes=9999-' }, 304],
  ])('%j gets %s', (headers, status) => {
    expect(choose(headers as Record<string, string>).status).toBe(status);
  });

  test('who has one coding has the file, and is told which tag it holds', () => {
    expect(choose({ 'if-none-match': identity, 'accept-encoding': 'zstd' })).toMatchObject({
      status: 304,
      etag: identity,
    });
    expect(choose({ 'if-none-match': `${identity}, ${zstd}`, 'accept-encoding': 'zstd' }).etag).toBe(zstd);
  });
});
