import { z } from 'zod';
import { createFaultMenu, type FaultMenu } from '../fault-menu.ts';

/**
 * What can be made to go wrong.
 *
 * - `cut-before-accept`: the request is read, nothing is kept, the connection is cut
 * - `cut-after-accept`: the request is carried out, the connection is cut instead of an answer
 * - `lost-answer`: the request is carried out, no answer comes and the connection stays open
 * - `cut-midway`: half of the answer comes, then the connection is cut
 * - `session-death`: all sessions of the certificate end before the request is looked at
 * - `slow`: the request is carried out, the answer comes after `delayMs`
 * - `late-accept`: the request is carried out after `delayMs`, even if the client has gone meanwhile
 * - `maintenance`: HTTP 200 with a page that says so; nothing is carried out
 * - `damaged-html`: the right answer with damaged tags, odd letter case and spacing, columns moved and added
 * - `unknown-page`: the request is carried out and answered with a page like no other
 * - `prefix-names`, `truncate-names`: the list shows `ID_NAME`, or the first 20 characters of the name
 * - `upload-error`, `validation-error`: the file of this upload ends in that status
 */
const omarFaults = [
  'cut-before-accept',
  'cut-after-accept',
  'cut-midway',
  'lost-answer',
  'session-death',
  'slow',
  'late-accept',
  'maintenance',
  'damaged-html',
  'unknown-page',
  'prefix-names',
  'truncate-names',
  'upload-error',
  'validation-error',
] as const;

/** `/fr_top.jsp`, `/uploadProcess.jsp`, `/viewSubmittedDataDetails.jsp`, `/viewFileErrors.jsp`, and where downloads are. */
const omarRequestKinds = ['session', 'upload', 'status', 'errors', 'download'] as const;
export type OmarRequestKind = (typeof omarRequestKinds)[number];

const schema = z.strictObject({
  fault: z.enum(omarFaults),
  kind: z.enum(omarRequestKinds),
  /** For how many requests of the kind. */
  times: z.int().min(1),
  /** How many requests of the kind pass unharmed before. */
  after: z.int().min(0).default(0),
  /** For `slow` and `late-accept`. */
  delayMs: z.int().min(0).default(0),
});

/** One entry of the menu: a fault for the next requests of a kind. */
export type OmarFault = z.output<typeof schema>;
export type OmarFaultInput = z.input<typeof schema>;

export type OmarFaultMenu = FaultMenu<OmarFault, OmarFaultInput>;

/** @throws `invalid-request` naming every field at fault */
export function createOmarFaultMenu(initial: readonly OmarFaultInput[]): OmarFaultMenu {
  return createFaultMenu(schema, initial);
}
