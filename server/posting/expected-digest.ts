import type { IncomingHttpHeaders } from 'node:http';
import { toInvalid } from '../../storage/model/errors.ts';
import type { Sha256 } from '../../storage/model/sha256.ts';

/**
 * The SHA-256 that the poster announces in `Content-Digest` or `Repr-Digest` (RFC 9530); other algorithms are left
 * alone.
 *
 * @throws `invalid-request` when a sha-256 is there and is none, or the two headers differ
 */
export function findExpectedDigest(headers: IncomingHttpHeaders): Sha256 | undefined {
  const found = ['content-digest', 'repr-digest'].flatMap(
    (at) => findSha256(at, String(headers[at] ?? '')) ?? [],
  );
  const [first, second] = found;
  if (second !== undefined && second !== first) {
    throw toInvalid('Cannot post', {
      at: 'Repr-Digest',
      value: second,
      expected: 'the digest of Content-Digest',
    });
  }
  return first;
}

function findSha256(at: string, header: string): Sha256 | undefined {
  const [, value] = /(?:^|,)\s*sha-256=([^,]*)/.exec(header) ?? [];
  if (value === undefined) return undefined;
  const [, text] = /^:([A-Za-z0-9+/]{43}=):\s*$/.exec(value) ?? [];
  if (text === undefined) {
    throw toInvalid('Cannot post', { at, value, expected: 'sha-256=:<base64 of 32 bytes>:' });
  }
  return Buffer.from(text, 'base64').toString('hex') as Sha256;
}
