import { z } from 'zod';
import { createFaultMenu, type FaultMenu, type FaultTable } from '../fault-menu.ts';
import { validationCodeSchema } from '../validation-texts.ts';

/** Each connection, or the requests of one service in both its variants. */
const mrisRequestKinds = ['connection', 'submit', 'status', 'retrieve'] as const;
type MrisRequestKind = (typeof mrisRequestKinds)[number];

/** What can be made to go wrong, each with the kind of request that it befalls unless said. */
export const mrisFaults = {
  'cut-before-accept': ['submit', 'the request is read, nothing is kept, the connection is cut'],
  'cut-after-accept': ['submit', 'the request is carried out, the connection is cut instead of an answer'],
  'lost-answer': ['submit', 'the request is carried out, no answer comes and the connection stays open'],
  slow: ['submit', 'the request is carried out, the answer comes after `delayMs`'],
  'late-accept': [
    'submit',
    'the request is carried out after `delayMs`, even if the client has gone meanwhile',
  ],
  'wrong-certificate': [
    'connection',
    'the connection shows a certificate of nobody’s authority; of this kind only',
  ],
  maintenance: ['submit', 'HTTP 200 with a page that says so; nothing is carried out'],
  busy: ['submit', 'HTTP 503 with `Retry-After: 120`; nothing is carried out'],
  forbidden: ['submit', 'HTTP 403 with a page; nothing is carried out'],
  'not-found': ['submit', 'HTTP 404 with a page; nothing is carried out'],
  'policy-429': ['retrieve', 'the acceptable use policy, as a page with HTTP 429'],
  'policy-200': ['retrieve', 'the acceptable use policy, as a page with HTTP 200'],
  'policy-fault': ['retrieve', 'the acceptable use policy, as a fault'],
  'error-document': [
    'retrieve',
    'HTTP 200 whose attachment says "Invalid role and/or Entity list identifier."',
  ],
  'bare-fault': [
    'submit',
    'the request is carried out and answered by a fault without words of the ISO, as of a gateway',
  ],
  'unknown-page': ['submit', 'the request is carried out and answered with a page like no other'],
  'wrong-hash': ['retrieve', 'the attachment is another than its hash says'],
  'cut-attachment': ['retrieve', 'the attachment ends in the middle'],
  'duplicate-rows': ['retrieve', 'every reading that is retrieved stands twice'],
  'soap-env-prefix': ['submit', 'the right answer with prefix SOAP-ENV in place of soapenv'],
  'output-2006': ['submit', 'words of the ISO come in the form of StandardOutput of 2006'],
  'hour-long-validation': ['submit', 'the batch of this submit stays in process for an hour more'],
  'validation-error': [
    'submit',
    'the first record of the batch gets the error `code` (1 to 12, 3 unless said)',
  ],
} as const satisfies FaultTable<MrisRequestKind>;
export type MrisFaultName = keyof typeof mrisFaults;

const schema = z
  .strictObject({
    fault: z.enum(Object.keys(mrisFaults) as MrisFaultName[]),
    kind: z.enum(mrisRequestKinds),
    /** For how many requests of the kind. */
    times: z.int().min(1),
    /** How many requests of the kind pass unharmed before. */
    after: z.int().min(0).default(0),
    /** For `slow` and `late-accept`. */
    delayMs: z.int().min(0).default(0),
    /** For `validation-error`. */
    code: validationCodeSchema,
  })
  .refine(({ fault, kind }) => (fault === 'wrong-certificate') === (kind === 'connection'), {
    path: ['kind'],
    error: 'connection for wrong-certificate, and for nothing else',
  });

/** One entry of the menu: a fault for the next requests of a kind. */
export type MrisFault = z.output<typeof schema>;
export type MrisFaultInput = z.input<typeof schema>;
export type MrisFaultMenu = FaultMenu<MrisFault, MrisFaultInput>;

/** @throws `invalid-request` naming every field at fault */
export function createMrisFaultMenu(initial: readonly MrisFaultInput[]): MrisFaultMenu {
  return createFaultMenu(schema, initial);
}
