import { createReadStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';
import { toReprDigest } from '../../storage/model/sha256.ts';
import { digestFile } from '../digest-file.ts';
import type { HttpsCaller } from './https-caller.ts';
import { toRefusalText } from './refusal-text.ts';

/** What the server answers to a post, as far as it is used here; it may say more. */
const postedSchema = z.object({
  transaction: z.int(),
  sha256: z.string(),
  bytes: z.int(),
  files: z.array(z.object({ mailbox: z.string(), name: z.string(), href: z.string() })),
  forwardings: z.array(z.object({ id: z.int(), account: z.string(), state: z.string() })),
});

export type Posted = z.infer<typeof postedSchema>;

export interface PostingOrder {
  readonly file: string;
  /** What is said about the file: the query of `POST /postings`. */
  readonly query: URLSearchParams;
  /** The same key again posts nothing again. */
  readonly idempotencyKey: string;
  readonly onProgress: (bytes: number, total: number) => void;
}

/**
 * Posts a file; its digest goes ahead of it, so that the server refuses what was changed on the way.
 *
 * @returns what the server says, and whether an earlier attempt with this key had been posted already
 * @throws `refused-file` in the server's words; `unavailable` when no answer came, and it is not known whether it was
 *   posted
 */
export async function sendPosting(
  caller: HttpsCaller,
  { file, query, idempotencyKey, onProgress }: PostingOrder,
): Promise<Posted & { isReplay: boolean }> {
  const { bytes, sha256 } = await digestFile(file);
  const headers = {
    accept: 'application/json',
    'content-type': 'application/octet-stream',
    'content-length': String(bytes),
    'repr-digest': toReprDigest(sha256),
    'idempotency-key': idempotencyKey,
  };
  const body = openCounted(file, (sent) => onProgress(sent, bytes));
  const answer = await caller.call('POST', `/postings?${query}`, { headers, body }).catch((cause: Error) => {
    const message = `Cannot tell whether ${file} was posted: ${cause.message}; try again with the same key`;
    throw new MdmaError('unavailable', message, { cause });
  });
  if (answer.status !== 201 && answer.status !== 200) {
    throw new MdmaError('refused-file', `Cannot post ${file}: ${toRefusalText(answer)}`);
  }
  const posted = postedSchema.parse(JSON.parse(answer.body.toString('utf8')));
  return { ...posted, isReplay: answer.status === 200 };
}

function openCounted(file: string, onSent: (bytes: number) => void): Readable {
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      onSent(sent);
      done(null, chunk);
    },
  });
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  source.on('error', (error) => counted.destroy(error));
  return source.pipe(counted);
}
