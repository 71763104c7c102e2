import { z } from 'zod';
import { createFaultMenu, type FaultMenu, type FaultTable } from '../fault-menu.ts';
import { validationCodeSchema } from '../validation-texts.ts';

/** Each connection, or `/fr_top.jsp`, `/uploadProcess.jsp`, `/viewSubmittedDataDetails.jsp`, `/viewFileErrors.jsp`, and where downloads are. */
const omarRequestKinds = ['connection', 'session', 'upload', 'status', 'errors', 'download'] as const;
/** What befalls a request of a page. */
export type OmarRequestKind = Exclude<(typeof omarRequestKinds)[number], 'connection'>;

/** What can be made to go wrong, each with the kind of request that it befalls unless said. */
export const omarFaults = {
  'cut-before-accept': ['upload', 'the request is read, nothing is kept, the connection is cut'],
  'cut-after-accept': ['upload', 'the request is carried out, the connection is cut instead of an answer'],
  'lost-answer': ['upload', 'the request is carried out, no answer comes and the connection stays open'],
  'cut-midway': ['download', 'half of the file comes, then the connection is cut'],
  'session-death': ['status', 'all sessions of the certificate end before the request is looked at'],
  slow: ['upload', 'the request is carried out, the answer comes after `delayMs`'],
  'late-accept': [
    'upload',
    'the request is carried out after `delayMs`, even if the client has gone meanwhile',
  ],
  'wrong-certificate': [
    'connection',
    'the connection shows a certificate of nobody’s authority; of this kind only',
  ],
  maintenance: ['session', 'HTTP 200 with a page that says so; nothing is carried out'],
  busy: ['upload', 'HTTP 503 with `Retry-After: 120`; nothing is carried out'],
  forbidden: ['upload', 'HTTP 403 with a page; nothing is carried out'],
  'not-found': ['upload', 'HTTP 404 with a page; nothing is carried out'],
  'policy-429': ['status', 'a page about too many requests with HTTP 429; nothing is carried out'],
  'policy-200': ['status', 'a page about too many requests with HTTP 200; nothing is carried out'],
  'damaged-html': [
    'status',
    'the right answer with damaged tags, odd letter case and spacing, columns moved and added',
  ],
  'new-layout': ['status', 'the right answer with columns moved and everything named otherwise'],
  'duplicate-rows': ['status', 'every row of the answer stands twice'],
  'unknown-page': ['upload', 'the request is carried out and answered with a page like no other'],
  'prefix-names': ['status', 'the list shows `ID_NAME`'],
  'truncate-names': [
    'status',
    'the list shows the first `length` characters of a name, of `ID_NAME` if that is shown',
  ],
  'upload-error': ['upload', 'the file of this upload ends in "Upload Error"'],
  'validation-error': ['upload', 'the file of this upload ends in "Validation Error"'],
  'validation-failed': [
    'upload',
    'the file of this upload ends in "Validation Failed" for the error `code` (1 to 12, 3 unless said)',
  ],
  'hour-long-validation': [
    'upload',
    'the file of this upload stays in "Running Validation" for an hour more',
  ],
} as const satisfies FaultTable<(typeof omarRequestKinds)[number]>;
export type OmarFaultName = keyof typeof omarFaults;

/** Characters of a name with its extension (submission specification, 3.2.2). */
export const maxNameLength = 40;

const schema = z
  .strictObject({
    fault: z.enum(Object.keys(omarFaults) as OmarFaultName[]),
    kind: z.enum(omarRequestKinds),
    /** For how many requests of the kind. */
    times: z.int().min(1),
    /** How many requests of the kind pass unharmed before. */
    after: z.int().min(0).default(0),
    /** For `slow` and `late-accept`. */
    delayMs: z.int().min(0).default(0),
    /** For `truncate-names`; the longest name that is taken unless set. */
    length: z.int().min(1).default(maxNameLength),
    /** For `validation-failed`. */
    code: validationCodeSchema,
  })
  .refine(({ fault, kind }) => (fault === 'wrong-certificate') === (kind === 'connection'), {
    path: ['kind'],
    error: 'connection for wrong-certificate, and for nothing else',
  });

/** One entry of the menu: a fault for the next requests of a kind. */
export type OmarFault = z.output<typeof schema>;
export type OmarFaultInput = z.input<typeof schema>;

export type OmarFaultMenu = FaultMenu<OmarFault, OmarFaultInput>;

/** @throws `invalid-request` naming every field at fault */
export function createOmarFaultMenu(initial: readonly OmarFaultInput[]): OmarFaultMenu {
  return createFaultMenu(schema, initial);
}
