import type { IncomingHttpHeaders } from 'node:http';
import type { Sha256 } from '../../storage/model/sha256.ts';
import type { FileKey } from '../../storage/ports/file-store.ts';
import type { CodedFile, Coding, ServableFile } from '../../storage/ports/mailboxes.ts';
import { findAcceptedCoding } from './accept-coding.ts';
import { type ByteRange, toRange } from './range.ts';

/** What is to be sent of a file: which bytes of which of its representations, with which status. */
export interface Representation {
  readonly status: 200 | 206 | 304 | 412 | 416;
  readonly coding: 'identity' | Coding;
  readonly etag: string;
  readonly key: FileKey;
  /** Digest and size of the whole representation. */
  readonly sha256: Sha256;
  readonly bytes: number;
  /** Only with 206. */
  readonly range: ByteRange | undefined;
}

/**
 * Decides by the request's headers, in the order of RFC 9110 section 13.2.2: `If-Match`, `If-Unmodified-Since`,
 * `If-None-Match`, `If-Modified-Since`, `If-Range` and `Range`. Every coding has an entity tag of its own, and ranges
 * are of identity only (ruling 16). A condition that names any of the file's tags is about this file: its bytes never
 * change, so whoever has one of the codings has the file. A range means something to GET only (section 14.2).
 */
export function toRepresentation(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  file: ServableFile,
): Representation {
  const chosen = choose(method === 'HEAD' ? { ...headers, range: undefined } : headers, file);
  const tags = [file, ...file.codings].map((each) => toEtag(file, each));
  const modifiedAt = Math.floor(file.postedAt / 1000) * 1000;
  if (isStale(headers, tags, modifiedAt)) return { ...chosen, status: 412, range: undefined };
  const fresh = findFreshTag(headers, tags, modifiedAt, chosen.etag);
  if (fresh !== undefined) return { ...chosen, etag: fresh, status: 304, range: undefined };
  return chosen;
}

function choose(headers: IncomingHttpHeaders, file: ServableFile): Representation {
  const identity = toChoice(file, undefined);
  if (headers.range !== undefined && isRangeWanted(headers['if-range'], file, identity.etag)) {
    const range = toRange(headers.range, file.bytes);
    if (range === 'unsatisfiable') return { ...identity, status: 416 };
    if (range !== undefined) return { ...identity, status: 206, range };
  }
  const coded = findAcceptedCoding(headers['accept-encoding'] as string | undefined, file.codings);
  return coded === undefined ? identity : toChoice(file, coded);
}

function toChoice(file: ServableFile, coded: CodedFile | undefined): Representation {
  const { key, sha256, bytes } = coded ?? file;
  const coding = coded?.coding ?? 'identity';
  return { status: 200, coding, etag: toEtag(file, coded), key, sha256, bytes, range: undefined };
}

function toEtag(file: ServableFile, coded: Partial<CodedFile> | undefined): string {
  return coded?.coding === undefined ? `"${file.sha256}"` : `"${file.sha256}-${coded.coding}"`;
}

/** `If-Range` holds by a strong tag or, as bytes never change, by the exact `Last-Modified`. */
function isRangeWanted(condition: string | string[] | undefined, file: ServableFile, etag: string): boolean {
  if (condition === undefined || condition === etag) return true;
  return Date.parse(String(condition)) === Math.floor(file.postedAt / 1000) * 1000;
}

function isStale(headers: IncomingHttpHeaders, tags: readonly string[], modifiedAt: number): boolean {
  const match = headers['if-match'];
  if (match !== undefined) return !isAnyOf(match, tags, false);
  const since = headers['if-unmodified-since'];
  return since !== undefined && modifiedAt > Date.parse(since);
}

/** The tag under which the client has the file already. */
function findFreshTag(
  headers: IncomingHttpHeaders,
  tags: readonly string[],
  modifiedAt: number,
  chosen: string,
): string | undefined {
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) {
    if (isAnyOf(noneMatch, [chosen], true)) return chosen;
    return tags.find((tag) => isAnyOf(noneMatch, [tag], true));
  }
  const since = headers['if-modified-since'];
  return since !== undefined && modifiedAt <= Date.parse(since) ? chosen : undefined;
}

function isAnyOf(header: string, tags: readonly string[], isWeak: boolean): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((item) => {
    const tag = item.trim();
    return tags.includes(isWeak && tag.startsWith('W/') ? tag.slice(2) : tag);
  });
}
