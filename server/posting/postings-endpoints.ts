import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { nothing, toLimitField, transactionField } from '../http/fields.ts';
import { postingExample, postingSchema, refusalSchema, shownPostingSchema } from './posting-entry.ts';

const page = { schema: z.string() };
const poster = ['staff', 'program'] as const;

export const postingsEndpoint = {
  method: 'get',
  path: '/postings',
  summary: 'list postings',
  roles: poster,
  params: nothing,
  query: z.strictObject({
    before: transactionField.optional().meta({ description: 'Only what was posted before this transaction' }),
    limit: toLimitField(100, 1_000),
  }),
  answers: {
    200: {
      description: 'What was posted, newest first: staff see all, a program its own. More pages by Link.',
      content: {
        'application/json': {
          schema: z
            .strictObject({ postings: z.array(postingSchema), next: z.string().nullable() })
            .meta({ id: 'Postings' }),
          example: { postings: [postingExample], next: '/postings?before=1042&limit=100' },
        },
        'text/html': page,
      },
    },
  },
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;

export const postingEndpoint = {
  method: 'get',
  path: '/postings/{transaction}',
  summary: 'show posting',
  roles: poster,
  params: z.strictObject({ transaction: transactionField }),
  query: nothing,
  answers: {
    200: {
      description: 'One posting, to whom it went and what became of it',
      content: {
        'application/json': {
          schema: shownPostingSchema,
          example: { ...postingExample, unmapped: 0 },
        },
        'text/html': page,
      },
    },
  },
  problems: ['not-found', 'not-acceptable'],
} as const satisfies Endpoint;

export const refusalsEndpoint = {
  method: 'get',
  path: '/refusals',
  summary: 'list refusals',
  roles: poster,
  params: nothing,
  query: z.strictObject({ limit: toLimitField(100, 1_000) }),
  answers: {
    200: {
      description: 'Posts that were refused, newest first: staff see all, a program its own',
      content: {
        'application/json': {
          schema: z.strictObject({ refusals: z.array(refusalSchema) }).meta({ id: 'Refusals' }),
          example: {
            refusals: [
              {
                id: 3,
                refusedAt: '2026-11-21T17:04:00.000Z',
                refusedBy: 'staff',
                originalName: 'day.cmep',
                bytes: 202_000,
                sha256: postingExample.sha256,
                reason:
                  'Cannot accept the file: 1 faults, the first in line 7: the unit is XWH, expected KWH',
                faultCounts: { E_UNITS: 1 },
              },
            ],
          },
        },
        'text/html': page,
      },
    },
  },
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;
