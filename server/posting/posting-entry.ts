import { z } from 'zod';
import { faultLevels, formatNames, type Summary } from '../../storage/formats/format.ts';
import { forwardingStates, ways } from '../../storage/model/forwarding.ts';
import { reasonCodeNames } from '../../storage/model/reason-code.ts';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type { Posting, Refusal } from '../../storage/ports/postings.ts';
import { countNumber, digestText, instantText, transactionNumber } from '../http/fields.ts';

const share = z.number().min(0).max(1);

const summarySchema = z
  .strictObject({
    records: countNumber,
    readingSets: countNumber,
    meters: countNumber,
    units: z.record(z.string(), countNumber).meta({ description: 'Records by unit', example: { KWH: 96 } }),
    firstAt: instantText.nullable(),
    lastAt: instantText.nullable(),
    readings: countNumber,
    estimated: countNumber,
    adjusted: countNumber,
    raw: countNumber,
    missing: countNumber,
    estimatedShare: share,
    rawShare: share,
    accounts: countNumber,
    estimatedAccounts: countNumber,
    estimatedAccountShare: share,
    senders: z.array(z.string()).meta({ description: 'At most 20, in the order met' }),
    receivers: z.array(z.string()).meta({ description: 'At most 20, in the order met' }),
  })
  .meta({ id: 'Summary', description: 'What the file holds' });

export const faultSchema = z
  .strictObject({
    code: z.string(),
    level: z.enum(faultLevels),
    line: countNumber.meta({ description: 'From 1; 0 for the whole file' }),
    field: z.string(),
    fieldNumber: countNumber.meta({ description: 'From 1; 0 for the whole line' }),
    byteOffset: countNumber,
    text: z.string().meta({ description: 'The offending text, shortened' }),
    message: z.string(),
  })
  .meta({ id: 'Fault', description: 'One thing found in a file' });

export const postingSchema = z
  .strictObject({
    transaction: transactionNumber,
    href: z.string().meta({ example: '/postings/1042' }),
    postedAt: instantText,
    postedBy: z.string(),
    originalName: z.string(),
    format: z.enum(formatNames),
    profile: z.string(),
    bytes: countNumber,
    sha256: digestText,
    isComplete: z.boolean().meta({ description: 'Whether it holds complete billing periods' }),
    corrects: transactionNumber.nullable(),
    correctedBy: z.array(transactionNumber),
    reasonCode: z.enum(reasonCodeNames).nullable(),
    note: z.string(),
    files: z.array(z.strictObject({ mailbox: z.string(), name: z.string(), href: z.string() })),
    forwardings: z.array(
      z.strictObject({
        id: countNumber,
        account: z.string(),
        way: z.enum(ways),
        state: z.enum(forwardingStates),
      }),
    ),
    summary: summarySchema,
  })
  .meta({ id: 'Posting' });

/** One posting on its own, where looking at its meters is worth the time. */
export const shownPostingSchema = postingSchema
  .extend({
    unmapped: countNumber.meta({
      description: 'Readings that are due to the ISO and whose meter no mapping in force covers',
    }),
  })
  .meta({ id: 'ShownPosting' });

export const refusalSchema = z
  .strictObject({
    id: countNumber,
    refusedAt: instantText,
    refusedBy: z.string(),
    originalName: z.string(),
    bytes: countNumber,
    sha256: digestText,
    reason: z.string(),
    faultCounts: z.record(z.string(), countNumber),
  })
  .meta({ id: 'Refusal', description: 'A refused post; its bytes are not kept' });

export const postingExample: z.output<typeof postingSchema> = {
  transaction: 1042,
  href: '/postings/1042',
  postedAt: '2026-11-21T17:05:00.000Z',
  postedBy: 'staff',
  originalName: 'day.cmep',
  format: 'cmep',
  profile: 'strict',
  bytes: 202_000,
  sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  isComplete: true,
  corrects: null,
  correctedBy: [],
  reasonCode: null,
  note: '',
  files: [{ mailbox: 'esp-one', name: '202611210905.dat', href: '/mailboxes/esp-one/202611210905.dat' }],
  forwardings: [{ id: 7, account: 'sc-one', way: 'omar', state: 'due' }],
  summary: {
    records: 96,
    readingSets: 96,
    meters: 96,
    units: { KWH: 96 },
    firstAt: '2026-11-20T08:00:00.000Z',
    lastAt: '2026-11-21T08:00:00.000Z',
    readings: 9216,
    estimated: 0,
    adjusted: 0,
    raw: 0,
    missing: 0,
    estimatedShare: 0,
    rawShare: 0,
    accounts: 96,
    estimatedAccounts: 0,
    estimatedAccountShare: 0,
    senders: ['123456789'],
    receivers: ['987654321'],
  },
};

/** A posting as programs see it. */
export function toPostingEntry(posting: Posting): z.output<typeof postingSchema> {
  const { correctedBy, files, forwardings, summary, postedAt, ...same } = posting;
  return {
    ...same,
    href: `/postings/${posting.transaction}`,
    postedAt: toIsoText(postedAt),
    correctedBy: [...correctedBy],
    files: files.map(({ mailbox, name }) => ({ mailbox, name, href: `/mailboxes/${mailbox}/${name}` })),
    forwardings: forwardings.map(({ id, account, way, state }) => ({ id, account, way, state })),
    summary: toSummaryEntry(summary),
  };
}

export function toRefusalEntry({ refusedAt, faultCounts, ...same }: Refusal): z.output<typeof refusalSchema> {
  return { ...same, refusedAt: toIsoText(refusedAt), faultCounts: { ...faultCounts } };
}

/** What summaries on record before accounts were counted do not have. */
const withoutAccounts = { accounts: 0, estimatedAccounts: 0, estimatedAccountShare: 0 };

function toSummaryEntry(summary: Summary): z.output<typeof summarySchema> {
  const { format: _format, profile: _profile, bytes: _bytes, units, firstAt, lastAt, ...rest } = summary;
  const { senders = [], receivers = [], ...counts } = rest;
  return {
    ...withoutAccounts,
    ...counts,
    units: { ...units },
    firstAt: toText(firstAt),
    lastAt: toText(lastAt),
    senders: [...senders],
    receivers: [...receivers],
  };
}

function toText(at: Instant | null): string | null {
  return at === null ? null : toIsoText(at);
}
