import { toInvalid } from './errors.ts';

declare const brand: unique symbol;

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly [brand]: 'Sha256' };

/** The digest, or an `invalid-request`; upper-case digits are folded. */
export function parseSha256(text: string, at = 'sha256'): Sha256 {
  const folded = text.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(folded)) {
    throw toInvalid('Cannot read digest', {
      at,
      value: text,
      expected: 'a SHA-256 of 64 hexadecimal digits',
    });
  }
  return folded as Sha256;
}

/** The digest as RFC 9530 writes it in `Repr-Digest`: `sha-256=:<base64>:`. */
export function toReprDigest(sha256: Sha256): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}
