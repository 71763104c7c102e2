import { expect, test } from 'vitest';
import { findExpectedDigest } from '../../../server/posting/expected-digest.ts';
import { parseSha256, toReprDigest } from '../../../storage/model/sha256.ts';

const sha256 = parseSha256('0123456789abcdef'.repeat(4));
const header = toReprDigest(sha256);

test('reads SHA-256 from either header, beside other algorithms', () => {
  expect(findExpectedDigest({})).toBeUndefined();
  expect(findExpectedDigest({ 'content-digest': header })).toBe(sha256);
  expect(findExpectedDigest({ 'repr-digest': `md5=:AAAA:, ${header}` })).toBe(sha256);
  expect(findExpectedDigest({ 'content-digest': header, 'repr-digest': header })).toBe(sha256);
  expect(findExpectedDigest({ 'content-digest': 'sha-512=:AAAA:' })).toBeUndefined();
});

test('refuses a digest that is none, and two that differ', () => {
  for (const wrong of ['sha-256=abc', 'sha-256=:AAAA:', `sha-256=${sha256}`, 'sha-256=']) {
    expect(() => findExpectedDigest({ 'content-digest': wrong }), wrong).toThrow(/content-digest/);
  }
  const other = toReprDigest(parseSha256('f'.repeat(64)));
  expect(() => findExpectedDigest({ 'content-digest': header, 'repr-digest': other })).toThrow(/Repr-Digest/);
});
