import { z } from 'zod';
import { toInvalid } from '../../../storage/model/errors.ts';

/**
 * What can be made to go wrong.
 *
 * - `cut-before-accept`: the request is read, nothing is kept, the connection is cut
 * - `cut-after-accept`: the request is carried out, the connection is cut instead of an answer
 * - `lost-answer`: the request is carried out, no answer comes and the connection stays open
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

/** `/fr_top.jsp`, `/uploadProcess.jsp`, `/viewSubmittedDataDetails.jsp`, `/viewFileErrors.jsp`. */
const omarRequestKinds = ['session', 'upload', 'status', 'errors'] as const;
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

/** @throws `invalid-request` naming every field at fault */
export function parseOmarFault(value: unknown): OmarFault {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw toInvalid('Cannot set a fault', {
    at: first?.path.join('.') || 'fault',
    value: JSON.stringify(value),
    expected: z.prettifyError(parsed.error),
  });
}

export interface FaultMenu {
  arm(fault: OmarFaultInput): void;
  clear(): void;
  /** What is still to come. */
  armed(): readonly OmarFault[];
  /** The faults that befall this request; counts it. */
  take(kind: OmarRequestKind): readonly OmarFault[];
}

export function createFaultMenu(initial: readonly OmarFaultInput[]): FaultMenu {
  let faults = initial.map(parseOmarFault);
  return {
    arm: (fault) => {
      faults.push(parseOmarFault(fault));
    },
    clear: () => {
      faults = [];
    },
    armed: () => faults,
    take(kind) {
      const due = faults.filter((each) => each.kind === kind && each.after === 0);
      faults = faults
        .map((each) => {
          if (each.kind !== kind) return each;
          return each.after > 0 ? { ...each, after: each.after - 1 } : { ...each, times: each.times - 1 };
        })
        .filter(({ times }) => times > 0);
      return due;
    },
  };
}
