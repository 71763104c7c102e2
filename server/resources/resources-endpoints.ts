import { z } from 'zod';
import { directions, isDay } from '../../storage/model/resource.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { idField, nothing, toLimitField } from '../http/fields.ts';
import { resourceExample, resourceSchema, versionsExample, versionsSchema } from './resource-entry.ts';

const page = { schema: z.string() };
const staff = ['staff'] as const;
const one = z.strictObject({ id: idField });

/** Words that a mapping is made of; whether the ISO knows them is judged when it is made. */
const word = z.string().regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 printable characters without blanks');
const dayField = z
  .string()
  .refine(isDay, 'a day as ccyy-mm-dd')
  .meta({ type: 'string', format: 'date', description: 'Trade day', example: '2026-11-01' });
const reasonField = z.string().regex(/^\P{Cc}{1,500}$/u, '1 to 500 characters on one line');
/** A field of a form that nobody filled in is one that is left out. */
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((given) => (given === '' ? undefined : given), schema.optional());

export const resourcesEndpoint = {
  method: 'get',
  path: '/resources',
  summary: 'list resources',
  roles: staff,
  params: nothing,
  query: z.strictObject({
    meter: word.optional(),
    account: word.optional(),
    after: idField.optional().meta({ description: 'Only mappings that are listed after this one' }),
    limit: toLimitField(100, 1_000),
  }),
  answers: {
    200: {
      description: 'The mappings in force, by meter, unit, channel and period. More pages by Link.',
      content: {
        'application/json': {
          schema: z
            .strictObject({ resources: z.array(resourceSchema), next: z.string().nullable() })
            .meta({ id: 'Resources' }),
          example: { resources: [resourceExample], next: null },
        },
        'text/html': page,
      },
    },
  },
  problems: ['invalid-request', 'not-found', 'not-acceptable'],
} as const satisfies Endpoint;

const answers = {
  200: {
    description: 'The mapping with its whole history',
    content: {
      'application/json': { schema: versionsSchema, example: versionsExample },
      'text/html': page,
    },
  },
} as const;

export const resourceEndpoint = {
  method: 'get',
  path: '/resources/{id}',
  summary: 'show resource',
  roles: staff,
  params: one,
  query: nothing,
  answers,
  problems: ['not-found', 'not-acceptable'],
} as const satisfies Endpoint;

export const mapSchema = z
  .strictObject({
    meter: word,
    channel: optional(word),
    unit: word,
    resourceId: word,
    measurementType: word,
    isoUnit: optional(word),
    direction: optional(z.enum(directions)),
    account: word,
    effectiveFrom: dayField,
    effectiveTo: optional(dayField),
    reason: reasonField,
  })
  .meta({ id: 'MapResource' });

export const changeSchema = z
  .strictObject({
    resourceId: optional(word),
    measurementType: optional(word),
    isoUnit: optional(word),
    direction: optional(z.enum(directions)),
    account: optional(word),
    from: optional(dayField),
    reason: reasonField,
  })
  .meta({
    id: 'ChangeResource',
    description: 'What changes; the rest stays. With `from` only from that day on',
  });

export const endSchema = z.strictObject({ on: dayField, reason: reasonField }).meta({
  id: 'EndResource',
  description: 'First day without it; on its first day it is taken back as a whole',
});

const toActEndpoint = <P extends z.ZodObject, S extends z.ZodType>(
  path: string,
  summary: string,
  params: P,
  { description, schema, example }: { description: string; schema: S; example: unknown },
) =>
  ({
    method: 'post',
    path,
    summary,
    roles: staff,
    params,
    query: nothing,
    body: {
      description,
      content: { 'application/json': { schema, example }, 'application/x-www-form-urlencoded': { schema } },
    },
    answers,
    problems: ['invalid-request', 'not-found', 'not-acceptable', 'conflict', 'too-large', 'unknown-format'],
  }) as const satisfies Endpoint;

export const mapResourceEndpoint = toActEndpoint('/resources', 'map resource', nothing, {
  description: 'The mapping',
  schema: mapSchema,
  example: {
    meter: '05550268',
    unit: 'KWH',
    resourceId: 'SITE_7_UNIT_1',
    measurementType: 'LOAD',
    account: 'sc-one',
    effectiveFrom: '2026-11-01',
    reason: 'new at site 7',
  },
});
export const changeResourceEndpoint = toActEndpoint('/resources/{id}/change', 'change resource', one, {
  description: 'The change',
  schema: changeSchema,
  example: { account: 'sc-one-mris', from: '2026-12-01', reason: 'MRI-S from December on' },
});
export const endResourceEndpoint = toActEndpoint('/resources/{id}/end', 'end resource', one, {
  description: 'When, and why',
  schema: endSchema,
  example: { on: '2026-12-01', reason: 'the meter was removed' },
});
