import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { nothing } from '../http/fields.ts';
import { idempotencyKeySchema, parametersSchema } from './parameters.ts';
import { faultSchema, postingExample, postingSchema } from './posting-entry.ts';

export const postedSchema = postingSchema
  .extend({
    warnings: z.array(faultSchema).meta({ description: 'Warnings and notes; a file with errors is refused' }),
  })
  .meta({ id: 'Posted' });

const content = {
  'application/json': { schema: postedSchema, example: { ...postingExample, warnings: [] } },
  'text/html': { schema: z.string() },
};
const bytes = { schema: z.string().meta({ format: 'binary' }) };

export const postEndpoint = {
  method: 'post',
  path: '/postings',
  summary: 'post file',
  roles: ['staff', 'program'],
  params: nothing,
  query: parametersSchema,
  headers: z.object({
    ...idempotencyKeySchema.shape,
    'Content-Digest': z.string().optional().meta({
      description: 'sha-256 of the body (RFC 9530), compared with what arrives; Repr-Digest is read the same',
    }),
  }),
  body: {
    description:
      'The file itself, under any media type but multipart/form-data. As a form: the parameters are its fields, before the file, and the query is empty.',
    content: {
      'application/octet-stream': bytes,
      'multipart/form-data': { schema: z.looseObject({ file: z.string().meta({ format: 'binary' }) }) },
    },
  },
  answers: {
    200: {
      description: 'Posted before under the same Idempotency-Key: the first result',
      headers: z.object({ 'Idempotency-Replayed': z.literal('true') }),
      content,
    },
    201: {
      description: 'Posted: durable, and in the mailboxes',
      headers: z.object({ Location: z.string() }),
      content,
    },
  },
  problems: [
    'invalid-request',
    'not-found',
    'not-acceptable',
    'request-timeout',
    'too-large',
    'unknown-format',
    'refused-file',
    'digest-mismatch',
    'idempotency-mismatch',
    'too-many-postings',
    'unavailable',
    'storage-full',
  ],
} as const satisfies Endpoint;

/** The same by a form: its fields are the parameters, so the address has none. */
export const postFormEndpoint = {
  ...postEndpoint,
  mediaType: 'multipart/form-data',
  query: nothing,
} as const satisfies Endpoint;
