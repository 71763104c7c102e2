import { createHash } from 'node:crypto';
import type { Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { MdmaError } from '../../storage/model/errors.ts';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { minuteMs } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { type FileStore, parseFileKey, type StoredFile } from '../../storage/ports/file-store.ts';
import type { Instances } from '../../storage/ports/instances.ts';
import type { CodedFile, Coding } from '../../storage/ports/mailboxes.ts';
import type { AgeingFile, Retention } from '../../storage/ports/retention.ts';

export interface CodingsDeps {
  readonly retention: Pick<Retention, 'listFilesToCode' | 'recordCodings'>;
  readonly files: Pick<FileStore, 'create' | 'open' | 'remove' | 'freeBytes'>;
  readonly instances: Pick<Instances, 'takeLease' | 'releaseLease'>;
  readonly clock: Clock;
  /** Whether nobody posts just now: compressing must cost no post its latency. */
  readonly isQuiet: () => boolean;
  /** Resolves when nobody posts. */
  readonly whenQuiet: () => Promise<void>;
  readonly reserveBytes: number;
  /** When it is aborted, the file under work is given up; another run makes it anew. */
  readonly signal: AbortSignal;
}

/** zstd at 3 is thirteen times as fast as gzip at 6 and smaller; gzip is for those who do not know zstd. */
const compressors: Readonly<Record<Coding, () => Transform>> = {
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  gzip: () => createGzip({ level: 6 }),
};

/** Kept only if it takes less than this share of the original: below that the client's work is not worth it. */
const worthwhileShare = 0.9;
const pieceBytes = 256 * 1024;
const pageLimit = 50;
const leaseMs = 10 * minuteMs;
const lease = 'codings';

/**
 * Compresses posted files, the newest first, one at a time, for as long as nobody posts.
 *
 * @returns how many files were looked at
 */
export async function codeFiles(deps: CodingsDeps): Promise<number> {
  if (!deps.isQuiet()) return 0;
  const page = await deps.retention.listFilesToCode(pageLimit);
  if (page.length === 0 || !(await deps.instances.takeLease(lease, deps.clock.now() + leaseMs))) return 0;
  let done = 0;
  try {
    for (const file of page) {
      if (
        deps.signal.aborted ||
        !deps.isQuiet() ||
        (await deps.files.freeBytes()) < deps.reserveBytes + 2 * file.bytes
      )
        break;
      await codeFile(deps, file);
      done += 1;
      await deps.instances.takeLease(lease, deps.clock.now() + leaseMs);
    }
  } catch (error) {
    if (!deps.signal.aborted) throw error;
  } finally {
    await deps.instances.releaseLease(lease);
  }
  return done;
}

async function codeFile(deps: CodingsDeps, file: AgeingFile): Promise<void> {
  const made: CodedFile[] = [];
  const stored = await deps.files.open(file.root, file.key).catch((error: unknown) => {
    if (error instanceof MdmaError && error.code === 'not-found') return undefined;
    throw error;
  });
  if (stored === undefined) {
    // Bytes that are missing are for `check` to tell; they must not keep other files from being compressed.
    await deps.retention.recordCodings(file.id, []);
    return;
  }
  try {
    for (const coding of ['zstd', 'gzip'] as const) {
      const coded = await compress(deps, file, stored, coding);
      if (coded.bytes <= file.bytes * worthwhileShare) made.push(coded);
      else await deps.files.remove('on-line', coded.key);
    }
  } finally {
    await stored.close();
  }
  if (await deps.retention.recordCodings(file.id, made)) return;
  for (const { key } of made) await deps.files.remove('on-line', key);
}

async function compress(
  deps: CodingsDeps,
  file: AgeingFile,
  stored: StoredFile,
  coding: Coding,
): Promise<CodedFile> {
  const key = parseFileKey(`${file.key}.${coding}`);
  // Under our lease, bytes that have this key and no row are what an earlier run left when it was killed.
  await deps.files.remove('on-line', key);
  const writer = await deps.files.create(key);
  const hash = createHash('sha256');
  let bytes = 0;
  const compressor = compressors[coding]();
  const written = (async () => {
    for await (const chunk of compressor as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await writer.write(chunk);
    }
    await writer.finish();
  })();
  const fed = feed(deps, stored, compressor);
  try {
    await Promise.all([written, fed]);
  } catch (error) {
    compressor.destroy();
    await Promise.allSettled([written, fed]);
    await writer.discard();
    throw error;
  }
  return { coding, key, sha256: parseSha256(hash.digest('hex')), bytes };
}

/**
 * Gives the compressor the file, one buffer for all of it. It waits while somebody posts, and after every piece twice
 * as long as that took, so that compressing takes a third of one core at most and holds nobody up.
 */
async function feed(deps: CodingsDeps, stored: StoredFile, compressor: Transform): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(pieceBytes);
  for (let position = 0, count = pieceBytes; count === pieceBytes; position += count) {
    await deps.whenQuiet();
    deps.signal.throwIfAborted();
    const beganAt = deps.clock.now();
    count = await stored.read(buffer, position);
    const piece = buffer.subarray(0, count);
    await new Promise<void>((resolve, reject) => {
      compressor.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    await delay(2 * Math.max(0, deps.clock.now() - beganAt));
  }
  compressor.end();
}
