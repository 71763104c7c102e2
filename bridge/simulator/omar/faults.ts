import { z } from 'zod';
import { createFaultMenu, type FaultMenu, type FaultTable } from '../fault-menu.ts';

/** `/fr_top.jsp`, `/uploadProcess.jsp`, `/viewSubmittedDataDetails.jsp`, `/viewFileErrors.jsp`, and where downloads are. */
const omarRequestKinds = ['session', 'upload', 'status', 'errors', 'download'] as const;
export type OmarRequestKind = (typeof omarRequestKinds)[number];

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
  maintenance: ['session', 'HTTP 200 with a page that says so; nothing is carried out'],
  'damaged-html': [
    'status',
    'the right answer with damaged tags, odd letter case and spacing, columns moved and added',
  ],
  'unknown-page': ['upload', 'the request is carried out and answered with a page like no other'],
  'prefix-names': ['status', 'the list shows `ID_NAME`'],
  'truncate-names': [
    'status',
    'the list shows the first `length` characters of a name, of `ID_NAME` if that is shown',
  ],
  'upload-error': ['upload', 'the file of this upload ends in "Upload Error"'],
  'validation-error': ['upload', 'the file of this upload ends in "Validation Error"'],
} as const satisfies FaultTable<OmarRequestKind>;
type OmarFaultName = keyof typeof omarFaults;

/** Characters of a name with its extension (submission specification, 3.2.2). */
export const maxNameLength = 40;

const schema = z.strictObject({
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
});

/** One entry of the menu: a fault for the next requests of a kind. */
export type OmarFault = z.output<typeof schema>;
export type OmarFaultInput = z.input<typeof schema>;

export type OmarFaultMenu = FaultMenu<OmarFault, OmarFaultInput>;

/** @throws `invalid-request` naming every field at fault */
export function createOmarFaultMenu(initial: readonly OmarFaultInput[]): OmarFaultMenu {
  return createFaultMenu(schema, initial);
}
