import { toWords } from '../../../storage/model/alarms.ts';
import { toStateOfParts } from '../../../storage/model/forwarding.ts';
import { toIsoText } from '../../../storage/model/time.ts';
import type { ClaimedForwarding, Move, Outcome, Part } from '../../../storage/ports/forwardings.ts';
import { toBackoffMs, toFollowDelayMs } from '../backoff.ts';
import { decide } from '../decide.ts';
import type { StepContext } from '../step-context.ts';

/** The parts as they are once an outcome of a part's latest submission is on record. */
export function withOutcome(parts: readonly Part[], partId: number, outcome: Outcome): Part[] {
  return parts.map((part) => {
    const latest = part.submissions.at(-1);
    if (part.id !== partId || latest === undefined) return part;
    const polls = latest.polls + (outcome.isPoll ? 1 : 0);
    const { state, words, isoFileId = latest.isoFileId, isoStatus = latest.isoStatus } = outcome;
    const changed = { ...latest, state, words, isoFileId, isoStatus, polls };
    return { ...part, submissions: [...part.submissions.slice(0, -1), changed] };
  });
}

/** Where a forwarding goes on by itself with these parts: at its end, at once, or at the next time to ask. */
export function toNextMove(context: StepContext, parts: readonly Part[], reason = ''): Move {
  const { clock, settings } = context;
  const now = clock.now();
  const state = toStateOfParts(parts);
  const step = decide({ parts, waitsFor: null, overtakenBy: null }, now, settings, new Set());
  if (step.kind === 'finish') return { state, reason: step.reason, dueAt: null };
  if (step.kind === 'wait') return { state, reason: step.reason, dueAt: step.untilAt };
  if (step.kind !== 'follow') return { state, reason, dueAt: now };
  const polls = parts
    .flatMap(({ submissions }) => submissions.at(-1) ?? [])
    .filter((s) => s.state === 'sent');
  const fewest = Math.min(...polls.map((submission) => submission.polls));
  return { state, reason, dueAt: now + toFollowDelayMs(fewest, settings.followDelaysMs) };
}

/** A person must decide. */
export function toPerson(reason: string): Move {
  return { state: 'person', reason, dueAt: null };
}

type Asking = Pick<ClaimedForwarding, 'stuckSinceAt' | 'attention'>;

/** Nothing was found out: it asks for a person as it did before, or does not. */
export function toKept({ stuckSinceAt, attention }: Asking, move: Move): Move {
  return { ...move, stuckSinceAt, attention };
}

type Stuck = Pick<StepContext, 'clock' | 'settings' | 'iso'>;

/**
 * No progress: after a while, counted from the first such move in a row, the reason asks for a person; but not while the
 * ISO is down as announced.
 */
export function toStuck(
  { clock, settings, iso }: Stuck,
  { stuckSinceAt, attention }: Asking,
  move: Move,
): Move {
  const now = clock.now();
  const sinceAt = stuckSinceAt ?? now;
  const stuck = toKept({ stuckSinceAt: sinceAt, attention }, move);
  if (iso.isMaintenance(now) || now - sinceAt <= settings.attentionMs) return stuck;
  const reason = toWords('a person should look', `no progress since ${toIsoText(sinceAt)}: ${move.reason}`);
  return { ...stuck, reason, attention: 'stuck' };
}

/** Not now: tried again later, for as long as it takes, and not before the ISO said. */
export function toRetry(
  context: Stuck & Pick<StepContext, 'failures' | 'random'>,
  forwarding: Pick<ClaimedForwarding, 'state' | 'stuckSinceAt' | 'attention'>,
  { why, waitMs = 0 }: { readonly why: string; readonly waitMs?: number },
): Move {
  const { clock, settings, failures, random } = context;
  const dueAt = clock.now() + Math.max(waitMs, toBackoffMs(failures + 1, settings.backoff, random()));
  return toStuck(context, forwarding, { state: forwarding.state, reason: why, dueAt });
}
