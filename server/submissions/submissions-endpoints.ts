import { z } from 'zod';
import { forwardingStates } from '../../storage/model/forwarding.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { idField, nothing, toLimitField, transactionField } from '../http/fields.ts';
import { forwardingExample, forwardingSchema, historySchema } from './submission-entry.ts';

const page = { schema: z.string() };
const staff = ['staff'] as const;
const one = z.strictObject({ id: idField });

export const submissionsEndpoint = {
  method: 'get',
  path: '/submissions',
  summary: 'list submissions',
  roles: staff,
  params: nothing,
  query: z.strictObject({
    state: z.enum(forwardingStates).optional(),
    transaction: transactionField.optional(),
    attention: z.literal('true', 'true').optional().meta({
      description: 'Only what waits for a person or asks for one’s attention, what is on hold left out',
    }),
    before: idField.optional().meta({ description: 'Only forwardings older than this one' }),
    limit: toLimitField(100, 1_000),
  }),
  answers: {
    200: {
      description: 'Forwardings with their parts and submissions, newest first. More pages by Link.',
      content: {
        'application/json': {
          schema: z
            .strictObject({ forwardings: z.array(forwardingSchema), next: z.string().nullable() })
            .meta({ id: 'Forwardings' }),
          example: { forwardings: [forwardingExample], next: null },
        },
        'text/html': page,
      },
    },
  },
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;

const answer = {
  200: {
    description: 'The forwarding and its whole history',
    content: {
      'application/json': {
        schema: historySchema,
        example: { ...forwardingExample, replaces: [], replacedBy: [], errors: [], history: [] },
      },
      'text/html': page,
    },
  },
} as const;

export const submissionEndpoint = {
  method: 'get',
  path: '/submissions/{id}',
  summary: 'show submission',
  roles: staff,
  params: one,
  query: nothing,
  answers: answer,
  problems: ['not-found', 'not-acceptable'],
} as const satisfies Endpoint;

export const actSchema = z
  .strictObject({
    reason: z
      .string()
      .regex(/^\P{Cc}{1,500}$/u, '1 to 500 characters on one line')
      .meta({ example: 'the ISO asked for it by telephone' }),
  })
  .meta({ id: 'Act', description: 'Why staff step in; kept in the history' });

export const holdSchema = actSchema
  .extend({
    hold: z
      .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], 'true or false')
      .default(true)
      .meta({ type: 'boolean', default: true, description: 'false lets it go on' }),
  })
  .meta({ id: 'Hold' });

const toAct = <S extends z.ZodType>(act: string, summary: string, schema: S, example: unknown) =>
  ({
    method: 'post',
    path: `/submissions/{id}/${act}`,
    summary,
    roles: staff,
    params: one,
    query: nothing,
    body: {
      description: 'Why',
      content: { 'application/json': { schema, example }, 'application/x-www-form-urlencoded': { schema } },
    },
    answers: answer,
    problems: ['invalid-request', 'not-found', 'not-acceptable', 'conflict', 'too-large', 'unknown-format'],
  }) as const satisfies Endpoint;

const example = { reason: 'the ISO asked for it by telephone' };

export const retryEndpoint = toAct('retry', 'retry forwarding', actSchema, example);
export const holdEndpoint = toAct('hold', 'hold or release forwarding', holdSchema, {
  ...example,
  hold: true,
});
export const closeEndpoint = toAct('close', 'close forwarding by hand', actSchema, example);
