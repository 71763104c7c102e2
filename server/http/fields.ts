import { z } from 'zod';
import { type FileName, findFileName } from '../../storage/model/file-name.ts';
import { isMailboxName, type MailboxName } from '../../storage/model/mailbox.ts';
import type { Sha256 } from '../../storage/model/sha256.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { Transaction } from '../../storage/model/transaction.ts';

/** The values that paths, queries, forms and answers are made of. The words are those of `storage/model`. */

export const mailboxField = z
  .string()
  .refine(isMailboxName, 'a mailbox name: 1 to 32 of a-z, 0-9, dot, dash and underscore')
  .transform((text) => text as MailboxName)
  .meta({ type: 'string', description: 'Name of a mailbox', example: 'esp-one' });

export const fileNameField = z
  .string()
  .refine((text) => findFileName(text) !== undefined, 'ccyymmddhhmm.dat with a real date and time')
  .transform((text) => text as FileName)
  .meta({
    type: 'string',
    description: 'Name of a daily file, ccyymmddhhmm.dat',
    pattern: '^\\d{12}\\.dat$',
    example: '202611210905.dat',
  });

export const sha256Field = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 of 64 hexadecimal digits')
  .transform((text) => text.toLowerCase() as Sha256)
  .meta({
    type: 'string',
    description: 'SHA-256 of the posted bytes, 64 hexadecimal digits',
    pattern: '^[0-9a-fA-F]{64}$',
    example: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  });

export const transactionField = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'a positive whole number')
  .transform((text) => Number(text) as Transaction)
  .meta({ type: 'integer', description: 'Transaction number of a posting', example: 1042 });

export const idField = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'a positive whole number')
  .transform(Number)
  .meta({ type: 'integer', description: 'Number of an entry', example: 17 });

/** An instant with its offset from UTC, so that no zone is guessed. */
export const instantField = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
      !Number.isNaN(Date.parse(text)),
    'an ISO 8601 time with its zone, such as 2026-11-21T09:05:00Z',
  )
  .transform((text): Instant => Date.parse(text))
  .meta({
    type: 'string',
    format: 'date-time',
    description: 'ISO 8601 time with its zone',
    example: '2026-11-21T09:05:00Z',
  });

/** How many entries a page may have. */
export function toLimitField(fallback: number, most: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'a positive whole number')
    .transform(Number)
    .refine((count) => count <= most, `at most ${most}`)
    .default(fallback)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: most,
      default: fallback,
      description: 'Entries a page',
      example: 100,
    });
}

/** Nothing; for routes that take no path or query parameters. */
export const nothing = z.strictObject({});

export const instantText = z.iso
  .datetime()
  .meta({ description: 'ISO 8601 in UTC', example: '2026-11-21T17:05:00.000Z' });
export const countNumber = z.int().min(0);
export const transactionNumber = z.int().min(1).meta({ description: 'Transaction number', example: 1042 });
export const digestText = z.string().meta({
  description: 'SHA-256 of the posted bytes, 64 hexadecimal digits',
  example: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
});
