import { z } from 'zod';
import {
  attentions,
  forwardingStates,
  partExtensions,
  submissionStates,
  ways,
} from '../../storage/model/forwarding.ts';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type {
  ExplainedError,
  Forwarding,
  ListedForwarding,
  Part,
  RelatedForwarding,
  Submission,
} from '../../storage/ports/forwardings.ts';
import { countNumber, digestText, instantText, transactionNumber } from '../http/fields.ts';

const submissionSchema = z
  .strictObject({
    attempt: countNumber,
    isoName: z.string().meta({ description: 'Name it was sent under' }),
    state: z.enum(submissionStates),
    intendedAt: instantText,
    deadlineAt: instantText.meta({ description: 'After this the sending cannot be under way any more' }),
    isoFileId: z.string().nullable(),
    isoStatus: z.string().nullable(),
    polls: countNumber,
    words: z.string().meta({ description: "The ISO's own words, or ours where it said nothing" }),
  })
  .meta({ id: 'Submission', description: 'One attempt to send a part' });

const partSchema = z
  .strictObject({
    number: countNumber,
    bytes: countNumber,
    sha256: digestText,
    extension: z.enum(partExtensions),
    records: countNumber,
    submissions: z.array(submissionSchema),
  })
  .meta({ id: 'Part', description: 'One file of a forwarding' });

export const forwardingSchema = z
  .strictObject({
    id: countNumber,
    href: z.string().meta({ example: '/submissions/7' }),
    transaction: transactionNumber,
    account: z.string(),
    way: z.enum(ways),
    state: z.enum(forwardingStates),
    reason: z.string(),
    createdAt: instantText,
    changedAt: instantText,
    dueAt: instantText
      .nullable()
      .meta({ description: 'When something happens next by itself; null: nothing does' }),
    isHeld: z.boolean(),
    attention: z
      .enum(attentions)
      .nullable()
      .meta({ description: 'Why a person should look, though it goes on by itself' }),
    stuckSince: instantText.nullable().meta({
      description: 'Since when it makes no progress: each step failed, or it waits for one on hold',
    }),
    unmapped: countNumber.meta({ description: 'Readings left out because no resource was mapped' }),
    backfill: countNumber.meta({
      description: '0: made with its posting; else its n-th backfill, for meters that were mapped later',
    }),
    parts: z.array(partSchema),
  })
  .meta({ id: 'Forwarding', description: 'One posting on its way to one ISO account' });

const errorSchema = z
  .strictObject({
    part: countNumber,
    attempt: countNumber,
    words: z.string().meta({ description: "The ISO's words" }),
    occurrences: countNumber,
    resourceId: z.string().meta({ description: 'Empty, like meter and unit, where the words name none' }),
    meter: z.string().meta({ description: 'The posted meter that is mapped to the resource' }),
    unit: z.string(),
    intervalEnd: instantText
      .nullable()
      .meta({ description: 'End of the interval, where the words name one' }),
    line: countNumber.nullable().meta({ description: 'Line of the part' }),
  })
  .meta({ id: 'SubmissionError', description: 'What the ISO found wrong, and what in the posting that is' });

const relatedSchema = z
  .strictObject({
    id: countNumber,
    href: z.string(),
    transaction: transactionNumber,
    state: z.enum(forwardingStates),
    submissions: z.array(
      submissionSchema
        .pick({ attempt: true, isoName: true, state: true, isoFileId: true })
        .extend({ part: countNumber }),
    ),
  })
  .meta({
    id: 'RelatedForwarding',
    description: 'What another forwarding to the same account sent: submissions that may be at the ISO',
  });

export const historySchema = forwardingSchema
  .extend({
    replaces: z
      .array(relatedSchema)
      .meta({ description: 'To the same account, of the posting that this one corrects' }),
    replacedBy: z
      .array(relatedSchema)
      .meta({ description: 'To the same account, of what corrects this one' }),
    errors: z.array(errorSchema),
    history: z.array(
      z.strictObject({ sequence: countNumber, at: instantText, kind: z.string(), body: z.unknown() }),
    ),
  })
  .meta({ id: 'ForwardingWithHistory' });

export const forwardingExample: z.output<typeof forwardingSchema> = {
  id: 7,
  href: '/submissions/7',
  transaction: 1042,
  account: 'sc-one',
  way: 'omar',
  state: 'due',
  reason: '',
  createdAt: '2026-11-21T17:05:00.000Z',
  changedAt: '2026-11-21T17:05:00.000Z',
  dueAt: '2026-11-21T17:05:00.000Z',
  isHeld: false,
  attention: null,
  stuckSince: null,
  unmapped: 0,
  backfill: 0,
  parts: [],
};

/** A forwarding as staff see it. */
export function toForwardingEntry(forwarding: ListedForwarding): z.output<typeof forwardingSchema> {
  const { id, transaction, account, way, state, reason, isHeld, attention, unmapped, backfill, parts } =
    forwarding;
  return {
    id,
    href: `/submissions/${id}`,
    transaction,
    account,
    way,
    state,
    reason,
    createdAt: toIsoText(forwarding.createdAt),
    changedAt: toIsoText(forwarding.changedAt),
    dueAt: toText(forwarding.dueAt),
    isHeld,
    attention,
    stuckSince: toText(forwarding.stuckSinceAt),
    unmapped,
    backfill,
    parts: parts.map(toPartEntry),
  };
}

/** The same with what the ISO found wrong in it, and everything that ever happened to it. */
export function toHistoryEntry(
  forwarding: Forwarding,
  errors: readonly ExplainedError[],
): z.output<typeof historySchema> {
  const history = forwarding.history.map(({ sequence, at, kind, body }) => ({
    sequence,
    at: toIsoText(at),
    kind,
    body,
  }));
  return {
    ...toForwardingEntry(forwarding),
    replaces: forwarding.replaces.map(toRelatedEntry),
    replacedBy: forwarding.replacedBy.map(toRelatedEntry),
    errors: errors.map(({ intervalEndAt, ...same }) => ({ ...same, intervalEnd: toText(intervalEndAt) })),
    history,
  };
}

function toRelatedEntry({ id, transaction, state, submissions }: RelatedForwarding) {
  return { id, href: `/submissions/${id}`, transaction, state, submissions: [...submissions] };
}

function toPartEntry({ number, file, extension, records, submissions }: Part): z.output<typeof partSchema> {
  const { bytes, sha256 } = file;
  return { number, bytes, sha256, extension, records, submissions: submissions.map(toSubmissionEntry) };
}

function toSubmissionEntry(submission: Submission): z.output<typeof submissionSchema> {
  const { attempt, isoName, state, isoFileId, isoStatus, polls, words } = submission;
  return {
    attempt,
    isoName,
    state,
    intendedAt: toIsoText(submission.intendedAt),
    deadlineAt: toIsoText(submission.deadlineAt),
    isoFileId,
    isoStatus,
    polls,
    words,
  };
}

function toText(at: Instant | null): string | null {
  return at === null ? null : toIsoText(at);
}
