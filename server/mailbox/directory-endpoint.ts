import { z } from 'zod';
import { reasonCodeNames } from '../../storage/model/reason-code.ts';
import type { Endpoint } from '../http/endpoint.ts';
import {
  countNumber,
  digestText,
  fileNameField,
  instantField,
  instantText,
  mailboxField,
  nothing,
  toLimitField,
  transactionNumber,
} from '../http/fields.ts';

const maxPage = 10_000;

const cursorField = z
  .string()
  .regex(/^\d{1,15}-\d{12}\.dat$/, 'the cursor of a next link')
  .meta({ type: 'string', description: 'Where the next page begins; taken from a next link, not made' });

export const fileSchema = z
  .strictObject({
    name: z.string().meta({ example: '202611210905.dat' }),
    href: z.string().meta({ example: '/mailboxes/esp-one/202611210905.dat' }),
    bytes: countNumber,
    sha256: digestText,
    records: countNumber,
    postedAt: instantText,
    changedAt: instantText,
    leavesAt: instantText.meta({ description: 'When the file leaves the directory for the archive' }),
    transaction: transactionNumber,
    corrects: transactionNumber.nullable().meta({ description: 'The transaction that this one corrects' }),
    reasonCode: z.enum(reasonCodeNames).nullable(),
    firstRetrievedAt: instantText.nullable(),
    acknowledgedAt: instantText.nullable(),
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'DailyFile', description: 'A daily file as its directory shows it' });

const directorySchema = z
  .strictObject({
    mailbox: z.string(),
    files: z.array(fileSchema),
    changedTo: instantText.nullable().meta({
      description:
        'With changed-since: the time to ask with next, when this was the last page. An entry changed in that very millisecond comes again.',
    }),
    next: z.string().nullable().meta({ description: 'Address of the next page, also in the Link header' }),
  })
  .meta({ id: 'Directory' });

export const mailboxSchema = z
  .strictObject({
    name: z.string(),
    href: z.string(),
    owner: z.string(),
    zone: z.string().meta({ description: 'Time zone of its names', example: 'America/Los_Angeles' }),
    onLineDays: z.int().meta({ description: 'Days that a file stays in the directory', example: 5 }),
  })
  .meta({ id: 'Mailbox' });

const index = { schema: z.string() };

export const listMailboxesEndpoint = {
  method: 'get',
  path: '/mailboxes/',
  summary: 'list mailboxes',
  roles: ['participant', 'staff', 'program'],
  params: nothing,
  query: z.strictObject({
    after: mailboxField.optional().meta({ description: 'Only mailboxes with names after this one' }),
    limit: toLimitField(1_000, maxPage),
  }),
  answers: {
    200: {
      description: 'The mailboxes you may read, by name. As text, one name a line. More pages by Link.',
      headers: z.object({
        Link: z.string().optional().meta({ description: 'The next page: <address>; rel="next"' }),
      }),
      content: {
        'application/json': {
          schema: z
            .strictObject({ mailboxes: z.array(mailboxSchema), next: z.string().nullable() })
            .meta({ id: 'Mailboxes' }),
          example: {
            mailboxes: [
              {
                name: 'esp-one',
                href: '/mailboxes/esp-one/',
                owner: 'esp-one',
                zone: 'America/Los_Angeles',
                onLineDays: 5,
              },
            ],
            next: null,
          },
        },
        'text/html': index,
        'text/plain': index,
      },
    },
  },
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;

export const directoryEndpoint = {
  method: 'get',
  path: '/mailboxes/{mailbox}/',
  summary: 'list directory',
  roles: ['participant', 'staff', 'program'],
  params: z.strictObject({ mailbox: mailboxField }),
  query: z
    .strictObject({
      after: fileNameField.optional().meta({ description: 'Only what came after this file' }),
      'changed-since': instantField.optional().meta({
        description: 'Only what was posted or archived since, archived files included, oldest change first',
      }),
      cursor: cursorField.optional(),
      limit: toLimitField(1_000, maxPage),
    })
    .refine((query) => query.after === undefined || query['changed-since'] === undefined, {
      path: ['after'],
      message: 'either after or changed-since',
    })
    .refine((query) => query.cursor === undefined || query['changed-since'] !== undefined, {
      path: ['cursor'],
      message: 'cursor with changed-since',
    }),
  answers: {
    200: {
      description:
        'The daily files on line, oldest first. As HTML an index of all of them, for people and for mirroring programs; as text one name a line. More pages by Link.',
      headers: z.object({
        Link: z.string().optional().meta({ description: 'The next page: <address>; rel="next"' }),
      }),
      content: {
        'application/json': {
          schema: directorySchema,
          example: {
            mailbox: 'esp-one',
            files: [
              {
                name: '202611210905.dat',
                href: '/mailboxes/esp-one/202611210905.dat',
                bytes: 202_000,
                sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
                records: 96,
                postedAt: '2026-11-21T17:05:00.000Z',
                changedAt: '2026-11-21T17:05:00.000Z',
                leavesAt: '2026-11-26T17:05:00.000Z',
                transaction: 1042,
                corrects: null,
                reasonCode: null,
                firstRetrievedAt: null,
                acknowledgedAt: null,
                archivedAt: null,
              },
            ],
            changedTo: null,
            next: null,
          },
        },
        'text/html': index,
        'text/plain': index,
      },
    },
  },
  problems: ['invalid-request', 'not-found', 'not-acceptable'],
} as const satisfies Endpoint;
