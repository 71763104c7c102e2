import { createHash } from 'node:crypto';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import type { PageKind, Unrecognised } from '../outcomes.ts';
import { toFolded, toText } from './text.ts';

/** The outcome that keeps a page nobody could read. */
export function toUnrecognised(
  pageKind: PageKind,
  { httpStatus, bytes }: { readonly httpStatus: number; readonly bytes: Uint8Array },
  why: string,
): Unrecognised {
  const text = toFolded(toText(bytes)).replace(/\d+/g, '0');
  const fingerprint = parseSha256(createHash('sha256').update(text).digest('hex'));
  return { kind: 'unrecognised', page: { pageKind, httpStatus, bytes, why, fingerprint } };
}
