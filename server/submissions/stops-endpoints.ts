import { z } from 'zod';
import { workKinds } from '../../storage/model/forwarding.ts';
import { toIsoText } from '../../storage/model/time.ts';
import type { Stop } from '../../storage/ports/forwardings.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countNumber, digestText, idField, instantText, nothing } from '../http/fields.ts';
import { actSchema } from './submissions-endpoints.ts';

const stopSchema = z
  .strictObject({
    id: countNumber,
    account: z.string(),
    kind: z.enum(workKinds).meta({ description: 'The work that stands still' }),
    why: z.string().meta({ description: 'What was looked for in the page and not found' }),
    keptAt: instantText.meta({ description: 'When the page was first seen' }),
    page: z.strictObject({ bytes: countNumber, sha256: digestText }),
  })
  .meta({ id: 'Stop', description: 'Work for an ISO account that stands still: a page was not recognised' });

export type StopEntry = z.output<typeof stopSchema>;

/** A stop as staff see it. */
export function toStopEntry({ id, account, kind, why, keptAt, file: { bytes, sha256 } }: Stop): StopEntry {
  return { id, account, kind, why, keptAt: toIsoText(keptAt), page: { bytes, sha256 } };
}

const stopExample: StopEntry = {
  id: 3,
  account: 'sc-one',
  kind: 'status',
  why: 'HTTP 200: no table with the columns fileId, format, status, name, received, records',
  keptAt: '2026-11-21T17:05:00.000Z',
  page: { bytes: 5_120, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' },
};

const answers = {
  200: {
    description: 'What stands still now, oldest first',
    content: {
      'application/json': {
        schema: z.strictObject({ stops: z.array(stopSchema) }).meta({ id: 'Stops' }),
        example: { stops: [stopExample] },
      },
      'text/html': { schema: z.string() },
    },
  },
} as const;

export const stopsEndpoint = {
  method: 'get',
  path: '/stops',
  summary: 'list stops',
  roles: ['staff'],
  params: nothing,
  query: nothing,
  answers,
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;

const example = { reason: 'an announcement of the ISO, over since noon' };

export const releaseStopEndpoint = {
  method: 'post',
  path: '/stops/{id}/release',
  summary: 'release stop',
  roles: ['staff'],
  params: z.strictObject({ id: idField }),
  query: nothing,
  body: {
    description: 'Why',
    content: {
      'application/json': { schema: actSchema, example },
      'application/x-www-form-urlencoded': { schema: actSchema },
    },
  },
  answers,
  problems: ['invalid-request', 'not-found', 'not-acceptable', 'too-large', 'unknown-format'],
} as const satisfies Endpoint;
