/**
 * Words of forwarding (ruling 1). A *forwarding* is (posting, ISO account, way); a *part* is one file of it; a
 * *submission* is one attempt to send a part.
 */
export const ways = ['omar', 'mris'] as const;
export type Way = (typeof ways)[number];

/**
 * Where a forwarding stands.
 *
 * - `due`: created with its posting, nothing done yet
 * - `prepared`: its parts are made, durable and named
 * - `submitting`: the intent to send a part is on record; the act may or may not have happened
 * - `unknown`: the act was begun and its outcome is not known; leaves only by looking at the ISO's side, or by hand
 * - `following`: every part is at the ISO; its status is asked for
 * - `accepted`, `rejected`: what the ISO said in the end
 * - `person`: a person must decide; `reason` says why
 * - `superseded`: a correction took its place before it was sent (ruling 24)
 * - `empty`: nothing in it is due to the ISO
 * - `closed`: closed by hand with a reason (ruling 15); never to be read as accepted
 */
export const forwardingStates = [
  'due',
  'prepared',
  'submitting',
  'unknown',
  'following',
  'accepted',
  'rejected',
  'person',
  'superseded',
  'empty',
  'closed',
] as const;
export type ForwardingState = (typeof forwardingStates)[number];

/** States in which nothing more will happen by itself. */
export const endStates: readonly ForwardingState[] = [
  'accepted',
  'rejected',
  'person',
  'superseded',
  'empty',
  'closed',
];

/** States in which a forwarding goes on by itself. */
export const unendedStates = forwardingStates.filter((state) => !endStates.includes(state));

/**
 * Why a person should look at a forwarding that goes on by itself.
 *
 * - `overdue`: it is at the ISO, which has not said its last word for longer than it should
 * - `stuck`: for longer than it should every step has failed, or what it waits for has been on hold
 */
export const attentions = ['overdue', 'stuck'] as const;
export type Attention = (typeof attentions)[number];

/** How one attempt to send one part stands. */
export const submissionStates = [
  'intended',
  'unknown',
  'absent',
  'refused',
  'sent',
  'accepted',
  'rejected',
] as const;
export type SubmissionState = (typeof submissionStates)[number];

/** Submissions of which the ISO holds nothing, for certain. */
export const unsentStates: readonly SubmissionState[] = ['absent', 'refused'];

/** Submissions that have reached the ISO, or may have. */
export const maybeSentStates = submissionStates.filter((state) => !unsentStates.includes(state));

/** Submissions that the ISO has, or may have, without its last word. */
export const openStates: readonly SubmissionState[] = ['intended', 'unknown', 'sent'];

/** What a part is by its extension: CSV or MDEF for OMAR-Online, MeterData XML for MRI-S. */
export const partExtensions = ['csv', 'dat', 'xml'] as const;
export type PartExtension = (typeof partExtensions)[number];

/**
 * Kinds of work at the ISO that can be stopped one by one, each named after what it asks for. At OMAR-Online: opening a
 * session, uploading, asking for status (the whole list too), asking for errors, downloading; at MRI-S: its three
 * services.
 */
const omarWorkKinds = ['session', 'upload', 'status', 'errors', 'download'] as const;
export const mrisWorkKinds = ['submit', 'batch', 'retrieve'] as const;
export const workKinds = [...omarWorkKinds, ...mrisWorkKinds] as const;
export type OmarWorkKind = (typeof omarWorkKinds)[number];
export type MrisWorkKind = (typeof mrisWorkKinds)[number];
export type WorkKind = (typeof workKinds)[number];

/** What the submissions of a part, in rising attempt, say about the part. */
interface PartFacts {
  readonly submissions: readonly { readonly state: SubmissionState }[];
}

/**
 * The state that follows from the parts: where a forwarding goes on after an outcome, or when a person lets it go on.
 * What may be under way comes before all else.
 */
export function toStateOfParts(parts: readonly PartFacts[]): ForwardingState {
  const latest = parts.map(({ submissions }) => submissions.at(-1)?.state);
  if (parts.length === 0) return 'due';
  if (latest.some((state) => state === 'intended' || state === 'unknown')) return 'unknown';
  if (latest.some((state) => state === undefined || unsentStates.includes(state))) return 'prepared';
  if (latest.includes('sent')) return 'following';
  return latest.includes('rejected') ? 'rejected' : 'accepted';
}
