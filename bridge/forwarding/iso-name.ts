import type { PartExtension } from '../../storage/model/forwarding.ts';

/** What tells one attempt to send one part from every other. */
export interface IsoKey {
  readonly transaction: number;
  /** From 1. */
  readonly part: number;
  /** From 1. */
  readonly attempt: number;
  /** SHA-256 of the part, as hexadecimal digits. */
  readonly sha256: string;
}

/** The unique key must survive even where only so many characters of a name are kept (ruling 26). */
const maxKeyLength = 16;

/** Most parts of one posting to one account: their numbers have two digits in base 36. */
export const maxParts = 36 ** 2 - 1;

/** Characters of the digest in the key: a store that was made anew counts its transactions from 1 again. */
const digestLength = 3;

/**
 * The name of an attempt at the ISO (ruling 26): transaction, part and attempt in base 36 and three characters of the
 * part's digest, `2s-1-1-k3f.csv`.
 *
 * @throws when the key would be longer than 16 characters, which it is not up to 2 thousand million transactions,
 *   {@link maxParts} parts and as many attempts
 */
export function toIsoName(key: IsoKey, extension: PartExtension): string {
  const text = `${toPrefix(key)}${key.attempt.toString(36)}-${toDigest(key.sha256)}`;
  if (text.length > maxKeyLength) throw new Error(`Cannot name part ${key.part}: "${text}" is too long`);
  return `${text}.${extension}`;
}

/** How a name of the ISO's list stands to a part: the attempt it is of, if it is of the part at all. */
export type NameMatch =
  | { readonly kind: 'other' }
  | { readonly kind: 'attempt'; readonly attempt: number }
  /**
   * It begins as every name of the part does, but not this part's bytes (from another store that counted its
   * transactions the same), or followed by what we never send, or it was cut before it can be told from the part's:
   * nothing may be concluded from it, least of all absence.
   */
  | { readonly kind: 'other-content' };

/**
 * Finds a part in a name as the ISO lists it: the name itself, with the file id before it (`<id>_<name>`), in any
 * letter case, cut after the key.
 */
export function matchIsoName(name: string, part: Omit<IsoKey, 'attempt'>): NameMatch {
  const bare = name.trim().toLowerCase().replace(/^\d+_/, '');
  const prefix = toPrefix(part);
  if (name !== '' && prefix.startsWith(bare)) return { kind: 'other-content' };
  if (!bare.startsWith(prefix)) return { kind: 'other' };
  const match = /^([0-9a-z]+)-([0-9a-z]{3})(?:[^0-9a-z].*)?$/.exec(bare.slice(prefix.length));
  const [, attempt = '', digest = ''] = match ?? [];
  return match !== null && digest === toDigest(part.sha256)
    ? { kind: 'attempt', attempt: Number.parseInt(attempt, 36) }
    : { kind: 'other-content' };
}

/** What every name of a posting begins with in the ISO's list. */
export function toPostingPrefix(transaction: number): string {
  return `${transaction.toString(36)}-`;
}

function toPrefix({ transaction, part }: Pick<IsoKey, 'transaction' | 'part'>): string {
  return `${toPostingPrefix(transaction)}${part.toString(36)}-`;
}

function toDigest(sha256: string): string {
  return (Number.parseInt(sha256.slice(0, 8), 16) % 36 ** digestLength)
    .toString(36)
    .padStart(digestLength, '0');
}
