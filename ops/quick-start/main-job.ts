import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';
import { endStates, type ForwardingState } from '../../storage/model/forwarding.ts';
import type { HttpsCaller } from '../client/https-caller.ts';
import { toRefusalText } from '../client/refusal-text.ts';
import { type Posted, sendPosting } from '../client/send-posting.ts';
import type { ClientName } from './cast.ts';
import type { Sample } from './create-sample.ts';
import type { Story } from './story.ts';

export interface MainJob {
  readonly callers: Readonly<Record<ClientName, HttpsCaller>>;
  readonly sample: Sample;
  /** Where the sample lies. */
  readonly file: string;
  readonly idempotencyKey: string;
  readonly story: Story;
  readonly signal: AbortSignal;
}

/** What is read of the server's answers; they say more. */
const directorySchema = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});
const retrievalsSchema = z.object({
  retrievals: z.array(
    z.object({ participant: z.string(), bytesSent: z.int().nullable(), state: z.string() }),
  ),
});
const forwardingSchema = z.object({
  state: z.string(),
  reason: z.string(),
  parts: z.array(
    z.object({
      submissions: z.array(
        z.object({
          isoName: z.string(),
          state: z.string(),
          isoFileId: z.string().nullable(),
          isoStatus: z.string().nullable(),
        }),
      ),
    }),
  ),
});

const lookMs = 200;
const recordTimeoutMs = 5_000;
const forwardTimeoutMs = 45_000;

/**
 * The main job once, each step through the programs' own doors: post, list, retrieve, record, forward.
 *
 * @returns the address of the file that was retrieved, as a path
 * @throws `conflict` naming the step that did not come out as it must
 */
export async function doMainJob(job: MainJob): Promise<string> {
  const posted = await post(job);
  const own = posted.files.find(({ mailbox }) => mailbox === 'esp-one');
  if (own === undefined) throw toFailure('posting', 'the file is not in the mailbox of esp-one');
  await retrieve(job, posted, own);
  await seeRecord(job, own);
  await follow(job, posted);
  return own.href;
}

async function post({ callers, sample, file, idempotencyKey, story }: MainJob): Promise<Posted> {
  const query = new URLSearchParams({ name: sample.name });
  for (const mailbox of ['esp-one', 'udc-one']) query.append('mailbox', mailbox);
  const posted = await sendPosting(callers.staff, {
    file,
    query,
    idempotencyKey,
    onProgress: () => undefined,
  });
  story.step(
    `Staff post ${sample.name}: ${sample.meters.length} meters, ${sample.readings} readings of ${sample.day}`,
    `transaction ${posted.transaction}`,
    ...posted.files.map(({ mailbox, name }) => `${mailbox}/${name}`),
    `SHA-256 ${posted.sha256}`,
  );
  if (posted.sha256 !== toSha256(Buffer.from(sample.text)))
    throw toFailure('posting', 'the digest is another one');
  return posted;
}

async function retrieve(
  { callers, story }: MainJob,
  posted: Posted,
  own: Posted['files'][number],
): Promise<void> {
  const directory = await read(callers['esp-one'], '/mailboxes/esp-one/?limit=10000', directorySchema);
  const listed = directory.files.find(({ name }) => name === own.name);
  if (listed?.sha256 !== posted.sha256)
    throw toFailure('listing', `${own.name} is not listed as it was posted`);
  // A retrieval is on record as sent when its connection goes on or ends: this one need not be waited for.
  const answer = await callers['esp-one'].call('GET', own.href, { headers: { connection: 'close' } });
  const sha256 = toSha256(answer.body);
  if (answer.status !== 200 || sha256 !== posted.sha256) throw toFailure('retrieval', toRefusalText(answer));
  story.step(
    `esp-one lists its mailbox and retrieves ${own.name} with its certificate`,
    `${answer.body.length} bytes, SHA-256 equal to what was posted`,
  );
  const foreign = await callers['esp-two'].call('GET', own.href);
  if (foreign.status !== 404) throw toFailure('privacy', `esp-two was answered ${foreign.status}`);
  story.step('esp-two asks for the same file: 404, as if it did not exist');
}

async function seeRecord({ callers, story, signal }: MainJob, own: Posted['files'][number]): Promise<void> {
  const find = async () => {
    const { retrievals } = await read(
      callers.staff,
      `/mailboxes/esp-one/retrievals?name=${own.name}`,
      retrievalsSchema,
    );
    return retrievals.find(({ participant, state }) => participant === 'esp-one' && state === 'sent');
  };
  const record = await waitFor(find, recordTimeoutMs, signal);
  if (record === undefined) throw toFailure('retrieval record', 'there is none that says "sent"');
  story.step('The retrieval is on record', `esp-one, ${record.bytesSent} bytes: ${record.state}`);
}

async function follow({ callers, story, signal }: MainJob, posted: Posted): Promise<void> {
  const [forwarding] = posted.forwardings;
  if (forwarding === undefined) throw toFailure('forwarding', 'the posting has none');
  const seen: string[] = [];
  const look = async () => {
    const found = await read(callers.staff, `/submissions/${forwarding.id}`, forwardingSchema);
    const submission = found.parts.flatMap(({ submissions }) => submissions).at(-1);
    const status = submission?.isoStatus ?? found.state;
    if (seen.at(-1) !== status) seen.push(status);
    return endStates.includes(found.state as ForwardingState) ? { ...found, submission } : undefined;
  };
  const ended = await waitFor(look, forwardTimeoutMs, signal);
  if (ended?.state !== 'accepted') {
    throw toFailure(
      'forwarding',
      `${ended?.state ?? 'no end in time'} (${seen.join(', ')}) ${ended?.reason ?? ''}`,
    );
  }
  story.step(
    `The bridge forwards it to OMAR-Online as ${forwarding.account}`,
    `${ended.submission?.isoName}, file id ${ended.submission?.isoFileId}`,
    seen.join(' > '),
  );
}

async function read<T>(caller: HttpsCaller, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await caller.call('GET', path, { headers: { accept: 'application/json' } });
  if (answer.status !== 200) throw toFailure(`reading of ${path}`, toRefusalText(answer));
  return schema.parse(JSON.parse(answer.body.toString('utf8')));
}

/** What `find` gives as soon as it gives anything, or undefined when the time is over. */
async function waitFor<T>(
  find: () => Promise<T | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += lookMs) {
    const found = await find();
    if (found !== undefined) return found;
    await delay(lookMs, undefined, { signal });
  }
  return undefined;
}

function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function toFailure(step: string, found: string): MdmaError {
  return new MdmaError('conflict', `Cannot finish the main job: the ${step} failed: ${found}`);
}
