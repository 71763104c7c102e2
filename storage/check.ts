import { createHash } from 'node:crypto';
import type { Sha256 } from './model/sha256.ts';
import type { Catalogue, Finding } from './ports/catalogue.ts';
import type { Clock } from './ports/clock.ts';
import type { FileKey, FileStore, Root } from './ports/file-store.ts';
import type { Retention } from './ports/retention.ts';

/** How long bytes may lie without a row before they count as left over: a slow post must be able to end. */
export const graceMs = 24 * 60 * 60 * 1_000;

const pageSize = 500;
const chunkBytes = 1 << 20;

export interface CheckProgress {
  /** Files whose bytes were read so far. */
  readonly files: number;
  readonly bytes: number;
}

/**
 * Verifies the invariants (architecture 4): what the rows say of each other, that every row has its bytes with the
 * right digest, and that there are no bytes without a row older than the grace time. Tests call it after every
 * scenario, operators as `mdma check`. It changes nothing and may run beside living programs.
 *
 * @param options `graceMs` is 0 in tests, where nothing else runs; `isQuick` compares sizes only, not digests
 */
export async function check(
  store: { catalogue: Catalogue; files: FileStore; clock: Clock },
  options: { graceMs: number; isQuick: boolean; onProgress?: (progress: CheckProgress) => void },
): Promise<Finding[]> {
  const findings = await store.catalogue.findContradictions();
  for await (const finding of findDamage(store, options)) findings.push(finding);
  for (const root of ['on-line', 'archive'] as const) {
    for await (const finding of findLeftOvers(store, root, options.graceMs)) findings.push(finding);
  }
  return findings;
}

async function* findDamage(
  { catalogue, files }: { catalogue: Catalogue; files: FileStore },
  options: { isQuick: boolean; onProgress?: (progress: CheckProgress) => void },
): AsyncIterable<Finding> {
  const progress = { files: 0, bytes: 0 };
  for (let after = 0; ; ) {
    const page = await catalogue.retention.listFiles(after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
    for (const file of page) {
      yield* findDamageOf(file, catalogue, files, options.isQuick);
      progress.files += 1;
      progress.bytes += file.bytes;
      options.onProgress?.({ ...progress });
    }
  }
}

type ListedFile = Awaited<ReturnType<Retention['listFiles']>>[number];

/** Looks at a file again where it lies now, if it was moved, or its codings dropped, while it was looked at. */
async function* findDamageOf(
  file: ListedFile,
  catalogue: Catalogue,
  files: FileStore,
  isQuick: boolean,
): AsyncIterable<Finding> {
  for (const expected of [file, ...file.codings]) {
    const found = await findFault(files, file.root, expected, isQuick);
    if (found === undefined) continue;
    const [now] = await catalogue.retention.listFiles(file.id - 1, 1);
    if (now?.id !== file.id) return;
    if (now.root !== file.root || now.codings.length < file.codings.length) {
      yield* findDamageOf(now, catalogue, files, isQuick);
      return;
    }
    yield { invariant: '1 acknowledged files exist', subject: `file ${file.id} (${expected.key})`, found };
  }
}

async function findFault(
  files: FileStore,
  root: Root,
  expected: { key: FileKey; bytes: number; sha256: Sha256 },
  isQuick: boolean,
): Promise<string | undefined> {
  let found: { bytes: number; sha256: string };
  try {
    found = await readFile(files, root, expected, isQuick);
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (found.bytes !== expected.bytes) {
    // The quick look saw only that the end is elsewhere.
    if (isQuick) return findFault(files, root, expected, false);
    return `has ${found.bytes} bytes instead of ${expected.bytes}`;
  }
  if (!isQuick && found.sha256 !== expected.sha256)
    return `has SHA-256 ${found.sha256} instead of ${expected.sha256}`;
  return undefined;
}

/** Quick: only whether the last byte is there and none after it. */
async function readFile(
  files: FileStore,
  root: Root,
  expected: { key: FileKey; bytes: number },
  isQuick: boolean,
): Promise<{ bytes: number; sha256: string }> {
  const file = await files.open(root, expected.key);
  const hash = createHash('sha256');
  try {
    let position = isQuick ? Math.max(0, expected.bytes - 1) : 0;
    for (;;) {
      const chunk = new Uint8Array(isQuick ? 2 : chunkBytes);
      const bytesRead = await file.read(chunk, position);
      position += bytesRead;
      hash.update(chunk.subarray(0, bytesRead));
      if (bytesRead < chunk.byteLength) return { bytes: position, sha256: hash.digest('hex') };
    }
  } finally {
    await file.close();
  }
}

async function* findLeftOvers(
  { catalogue, files, clock }: { catalogue: Catalogue; files: FileStore; clock: Clock },
  root: Root,
  grace: number,
): AsyncIterable<Finding> {
  for await (const entry of listLeftOvers(files, catalogue, root, clock.now() - grace)) {
    const invariant = '1 what was not acknowledged is nowhere';
    const found = entry.isPartial ? 'was begun and never finished' : 'has no row';
    yield { invariant, subject: `${root} ${entry.key}`, found };
  }
}

/** Bytes that belong to no row and were last changed at or before `before`: the sweep removes them. */
export async function* listLeftOvers(
  files: FileStore,
  catalogue: Catalogue,
  root: Root,
  before: number,
): AsyncIterable<{ key: FileKey; isPartial: boolean }> {
  for await (const entry of files.list(root)) {
    if (entry.changedAt > before) continue;
    const isKnown = !entry.isPartial && (await catalogue.retention.isKnownKey(root, entry.key));
    if (!isKnown) yield { key: entry.key, isPartial: entry.isPartial };
  }
}
