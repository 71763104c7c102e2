import { z } from 'zod';
import { createFaultMenu, type FaultMenu } from '../fault-menu.ts';
import { validationTexts } from './validation-texts.ts';

/**
 * What can be made to go wrong.
 *
 * - `cut-before-accept`: the request is read, nothing is kept, the connection is cut
 * - `cut-after-accept`: the request is carried out, the connection is cut instead of an answer
 * - `lost-answer`: the request is carried out, no answer comes and the connection stays open
 * - `slow`: the request is carried out, the answer comes after `delayMs`
 * - `late-accept`: the request is carried out after `delayMs`, even if the client has gone meanwhile
 * - `wrong-certificate`: the connection shows a certificate of nobody's authority; of kind `connection` only
 * - `maintenance`: HTTP 200 with a page that says so; nothing is carried out
 * - `busy`: HTTP 503 with `Retry-After: 120`; nothing is carried out
 * - `forbidden`, `not-found`: HTTP 403 or 404 with a page; nothing is carried out
 * - `policy-429`, `policy-200`, `policy-fault`: the acceptable use policy, as a page of that status or as a fault
 * - `error-document`: HTTP 200 whose attachment says "Invalid role and/or Entity list identifier."
 * - `bare-fault`: the request is carried out and answered by a fault without words of the ISO, as of a gateway
 * - `unknown-page`: the request is carried out and answered with a page like no other
 * - `wrong-hash`: the attachment is another than its hash says; `cut-attachment`: it ends in the middle
 * - `duplicate-rows`: every reading that is retrieved stands twice
 * - `soap-env-prefix`: the right answer with prefix SOAP-ENV in place of soapenv
 * - `output-2006`: words of the ISO come in StandardOutput's form of 2006
 * - `hour-long-validation`: the batch of this submit stays in process for an hour more
 * - `validation-error`: the first record of this submit's batch gets the error `code` (see `validationTexts`)
 */
export const mrisFaults = [
  'cut-before-accept',
  'cut-after-accept',
  'lost-answer',
  'slow',
  'late-accept',
  'wrong-certificate',
  'maintenance',
  'busy',
  'forbidden',
  'not-found',
  'policy-429',
  'policy-200',
  'policy-fault',
  'error-document',
  'bare-fault',
  'unknown-page',
  'wrong-hash',
  'cut-attachment',
  'duplicate-rows',
  'soap-env-prefix',
  'output-2006',
  'hour-long-validation',
  'validation-error',
] as const;
export type MrisFaultName = (typeof mrisFaults)[number];

const codes = Object.keys(validationTexts).map(Number);

const schema = z
  .strictObject({
    fault: z.enum(mrisFaults),
    /** Each connection, or the requests of one service in both its variants. */
    kind: z.enum(['connection', 'submit', 'status', 'retrieve']),
    /** For how many requests of the kind. */
    times: z.int().min(1),
    /** How many requests of the kind pass unharmed before. */
    after: z.int().min(0).default(0),
    /** For `slow` and `late-accept`. */
    delayMs: z.int().min(0).default(0),
    /** For `validation-error`. */
    code: z
      .int()
      .refine((code) => codes.includes(code), { error: `one of ${codes.join(', ')}` })
      .default(3),
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
