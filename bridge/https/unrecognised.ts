import { createHash } from 'node:crypto';
import { parseSha256, type Sha256 } from '../../storage/model/sha256.ts';
import type { Answer } from './connection.ts';
import { toFolded, toText } from './text.ts';

/** An answer that could not be read for certain. It is never success; it is kept, and a person is told. */
export interface UnrecognisedAnswer<Kind extends string> {
  /** What was asked for: work of this kind stops. */
  readonly pageKind: Kind;
  /** Of the HTTP answer. */
  readonly httpStatus: number;
  /** Empty where there was none. */
  readonly contentType: string;
  /** What was looked for and not found. */
  readonly why: string;
  /** The answer's body as it came. */
  readonly bytes: Uint8Array;
  /** Over the page's characters with white space and numbers folded, so that one page shown twice counts once. */
  readonly fingerprint: Sha256;
}

/** The outcome that keeps an answer nobody could read. */
export function toUnrecognised<Kind extends string>(
  pageKind: Kind,
  { httpStatus, headers, bytes }: Answer,
  why: string,
): { readonly kind: 'unrecognised'; readonly page: UnrecognisedAnswer<Kind> } {
  const text = toFolded(toText(bytes)).replace(/\d+/g, '0');
  const fingerprint = parseSha256(createHash('sha256').update(text).digest('hex'));
  const contentType = [headers['content-type'] ?? ''].flat().join(', ');
  return { kind: 'unrecognised', page: { pageKind, httpStatus, contentType, bytes, why, fingerprint } };
}
