import { toWords } from '../../storage/model/alarms.ts';
import {
  type ForwardingState,
  type SubmissionState,
  toStateOfParts,
  type WorkKind,
} from '../../storage/model/forwarding.ts';
import type { Instant } from '../../storage/model/time.ts';

interface PartFacts {
  readonly number: number;
  /** In rising attempt. */
  readonly submissions: readonly {
    readonly attempt: number;
    readonly state: SubmissionState;
    readonly deadlineAt: Instant;
    readonly words: string;
  }[];
}

/** What a decision is made from. */
export interface ForwardingFacts {
  readonly parts: readonly PartFacts[];
  /** A forwarding that must end before this one is sent. */
  readonly waitsFor: number | null;
  /** Whether that one is on hold. */
  readonly isPredecessorHeld?: boolean;
  /** A forwarding that brings newer readings of the same data and was sent already. */
  readonly overtakenBy: number | null;
}

export interface DecideSettings {
  /** From a submission's deadline until its outcome is looked for (ruling 27). */
  readonly marginMs: number;
  /** Until what waits for something else looks again. */
  readonly recheckMs: number;
}

/** What to do next with a forwarding; parts by number. */
export type Step =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'submit'; readonly part: number; readonly attempt: number }
  | { readonly kind: 'reconcile'; readonly part: number; readonly attempt: number }
  /** Asks for every part whose latest submission is `sent`. */
  | { readonly kind: 'follow' }
  /** `isStuck`: what it waits for does not come by itself; `isStopped`: it stays as it was until staff release the work. */
  | {
      readonly kind: 'wait';
      readonly untilAt: Instant;
      readonly reason: string;
      readonly isStuck?: true;
      readonly isStopped?: true;
    }
  | { readonly kind: 'finish'; readonly state: ForwardingState; readonly reason: string };

/** The pages that a step asks for, by any way: while one of these kinds is stopped, it cannot be made. */
const needs: Readonly<Partial<Record<Step['kind'], readonly WorkKind[]>>> = {
  submit: ['session', 'upload', 'submit'],
  reconcile: ['session', 'status', 'retrieve'],
  follow: ['session', 'status', 'batch'],
};

/**
 * The next step of a claimed forwarding. It follows from what is on record alone, so that any bridge can go on where
 * another stopped. What may be under way comes first; then parts are sent in turn; then all are followed.
 *
 * @param stops the kinds of work that stand still for the account
 */
export function decide(
  forwarding: ForwardingFacts,
  now: Instant,
  settings: DecideSettings,
  stops: ReadonlySet<WorkKind>,
): Step {
  const step = decideFreely(forwarding, now, settings);
  const stopped = needs[step.kind]?.find((kind) => stops.has(kind));
  if (stopped === undefined) return step;
  const sign = toWords('work of this account is stopped: the ISO showed a page that was not recognised');
  const reason = `${stopped} ${sign}`;
  return { kind: 'wait', untilAt: now + settings.recheckMs, reason, isStopped: true };
}

function decideFreely({ parts, ...order }: ForwardingFacts, now: Instant, settings: DecideSettings): Step {
  const state = toStateOfParts(parts);
  const latest = parts.map(({ number, submissions }) => ({ number, submission: submissions.at(-1) }));
  switch (state) {
    case 'due':
      return { kind: 'prepare' };
    case 'following':
      return { kind: 'follow' };
    case 'accepted':
      return { kind: 'finish', state, reason: '' };
    case 'rejected': {
      const rejected = latest.filter(({ submission }) => submission?.state === 'rejected');
      const reason = rejected
        .map(({ number, submission }) => `part ${number}: ${submission?.words}`)
        .join('; ');
      return { kind: 'finish', state, reason };
    }
    default:
      break;
  }
  for (const { number, submission } of latest) {
    if (submission?.state !== 'intended' && submission?.state !== 'unknown') continue;
    const clearAt = submission.deadlineAt + settings.marginMs;
    return now < clearAt
      ? { kind: 'wait', untilAt: clearAt, reason: 'waits until what was begun can no longer be under way' }
      : { kind: 'reconcile', part: number, attempt: submission.attempt };
  }
  for (const { number, submission } of latest) {
    const isToSend =
      submission === undefined || submission.state === 'absent' || submission.state === 'refused';
    if (isToSend) return decideToSend(number, (submission?.attempt ?? 0) + 1, order, now, settings);
  }
  throw new Error(`Cannot decide: the parts of the forwarding say "${state}"`);
}

/** Of one meter's data, what was posted later must reach the ISO later. */
function decideToSend(
  part: number,
  attempt: number,
  { waitsFor, isPredecessorHeld = false, overtakenBy }: Omit<ForwardingFacts, 'parts'>,
  now: Instant,
  { recheckMs }: DecideSettings,
): Step {
  if (overtakenBy !== null) {
    const reason = `forwarding ${overtakenBy} was posted later about the same data and sent first; sending this would undo it`;
    return { kind: 'finish', state: 'person', reason };
  }
  if (waitsFor !== null && isPredecessorHeld) {
    const reason = `waits for forwarding ${waitsFor}, which was posted earlier about the same data and is on hold`;
    return { kind: 'wait', untilAt: now + recheckMs, reason, isStuck: true };
  }
  if (waitsFor !== null) {
    const reason = `waits for forwarding ${waitsFor}, which was posted earlier about the same data`;
    return { kind: 'wait', untilAt: now + recheckMs, reason };
  }
  return { kind: 'submit', part, attempt };
}
