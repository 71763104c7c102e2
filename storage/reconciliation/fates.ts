import type { ForwardingState } from '../model/forwarding.ts';
import type { Part } from '../ports/forwardings.ts';

/**
 * What became of an interval that was posted for the ISO, or of a file that the ISO has.
 *
 * - `accepted`: the ISO accepted the part that it is in
 * - `replaced`: a later correction brought its day as a whole
 * - `on-its-way`, `unknown`, `not-sent`: the part is at the ISO without its last word, may be there, or is to be sent
 * - `rejected`: the ISO rejected the part
 * - `person`, `closed`: a person must decide, or has ended it by hand
 * - `superseded`: a correction took its place unsent, and does not hold it
 * - `not-carried`: due, mapped and in no part, because the ISO's format cannot carry it
 * - `unmapped`: no mapping has its day; `mappable`: one has, now: a backfill would forward it
 * - `held`: accepted, and the ISO, which was asked, holds it as it was sent
 * - `missing`, `different`: accepted, and the ISO does not hold it, or holds something else
 * - `extra`: the ISO holds it, and no part that it accepted brought it
 * - `unreadable`: the posted file, or a part, is damaged or gone, so that nothing can be told of what it holds
 * - `not-ours`: the ISO lists a file that no submission is known by
 */
export const fates = [
  'accepted',
  'replaced',
  'on-its-way',
  'unknown',
  'not-sent',
  'rejected',
  'person',
  'closed',
  'superseded',
  'not-carried',
  'unmapped',
  'mappable',
  'held',
  'missing',
  'different',
  'extra',
  'unreadable',
  'not-ours',
] as const;
export type Fate = (typeof fates)[number];

/** Whether somebody should look: it is not where it should be, or not yet. */
export function isLeftOver(fate: Fate): boolean {
  return fate !== 'accepted' && fate !== 'replaced' && fate !== 'held';
}

/** What became of an interval in a part. */
export function toPartFate(forwarding: ForwardingState, { submissions }: Pick<Part, 'submissions'>): Fate {
  switch (submissions.at(-1)?.state) {
    case 'accepted':
      return 'accepted';
    case 'rejected':
      return 'rejected';
    default:
      break;
  }
  const byForwarding = toForwardingFate(forwarding);
  if (byForwarding !== 'not-sent' && byForwarding !== 'on-its-way') return byForwarding;
  switch (submissions.at(-1)?.state) {
    case 'sent':
      return 'on-its-way';
    case 'intended':
    case 'unknown':
      return 'unknown';
    default:
      return 'not-sent';
  }
}

/** What became of an interval of a forwarding, where its part cannot be told. */
export function toForwardingFate(state: ForwardingState): Fate {
  switch (state) {
    case 'accepted':
    case 'rejected':
    case 'person':
    case 'closed':
    case 'superseded':
    case 'unknown':
      return state;
    case 'following':
      return 'on-its-way';
    case 'empty':
      return 'not-carried';
    default:
      return 'not-sent';
  }
}
