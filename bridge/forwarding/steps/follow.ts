import { toWords } from '../../../storage/model/alarms.ts';
import type { ClaimedForwarding, Move, Outcome, Part } from '../../../storage/ports/forwardings.ts';
import type { Look } from '../iso-outcomes.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from './keep-page.ts';
import { keepPause } from './keep-pause.ts';
import { toKept, toNextMove, toPerson, toRetry, withOutcome } from './move.ts';

/** What was seen of a part and where that leads, which is not on record yet. */
interface Turn {
  readonly submissionId: number;
  readonly outcome: Outcome;
  readonly move: Move;
}

/**
 * Asks for the status of every part that has not ended, one after the other. What takes the forwarding elsewhere is
 * recorded behind all the others, so that a part with a fault hides no other.
 */
export async function follow(context: StepContext, forwarding: ClaimedForwarding): Promise<StepResult> {
  const { forwardings } = context;
  let { parts } = forwarding;
  let hindrance: Exclude<Look, { kind: 'seen' }> | undefined;
  const turns: Turn[] = [];
  for (const part of forwarding.parts) {
    const submission = part.submissions.at(-1);
    if (submission?.state !== 'sent' || submission.isoFileId === null || context.signal.aborted) continue;
    const { isoFileId } = submission;
    const look = await context.iso.look(context, forwarding, part, { ...submission, isoFileId });
    if (look.kind !== 'seen') {
      hindrance = look;
      break;
    }
    const { outcome, move } = look;
    parts = withOutcome(parts, part.id, outcome);
    if (move !== undefined) turns.push({ submissionId: submission.id, outcome, move });
    else await forwardings.recordOutcome(forwarding.id, submission.id, outcome);
  }
  if (hindrance?.kind === 'unrecognised') await keepPage(context, forwarding.account, hindrance.page);
  if (hindrance?.kind === 'unavailable') await keepPause(context, forwarding, hindrance);
  if (turns.length > 0) await recordTurns(context, forwarding, turns);
  else await forwardings.moveForwarding(forwarding.id, toMove(context, forwarding, parts, hindrance));
  return hindrance?.kind === 'unavailable' ? 'unavailable' : 'done';
}

/** The last of them comes with the move: to a person where one leads there, with the reasons of all that do. */
async function recordTurns(
  { forwardings }: StepContext,
  { id }: ClaimedForwarding,
  turns: readonly Turn[],
): Promise<void> {
  const faults = turns.filter(({ move }) => move.state === 'person');
  const reason = faults.map(({ move }) => move.reason).join('; ');
  const move = faults.length > 0 ? toPerson(reason) : turns[0]?.move;
  for (const turn of turns) {
    const isLast = turn === turns.at(-1);
    await forwardings.recordOutcome(id, turn.submissionId, turn.outcome, isLast ? move : undefined);
  }
}

function toMove(
  context: StepContext,
  forwarding: ClaimedForwarding,
  parts: readonly Part[],
  hindrance: Exclude<Look, { kind: 'seen' }> | undefined,
): Move {
  if (hindrance?.kind === 'unavailable') return toRetry(context, forwarding, hindrance);
  if (hindrance?.kind === 'unrecognised') {
    const reason = `the ISO's status page was not recognised: ${hindrance.page.why}`;
    const dueAt = context.clock.now() + context.settings.recheckMs;
    return toKept(forwarding, { state: forwarding.state, reason, dueAt });
  }
  const overdue = toOverdue(context, parts);
  const move = toNextMove(context, parts, overdue);
  // While the ISO may be down, as announced, nothing begins to be overdue, and nothing ceases to be.
  const wasOverdue = forwarding.attention === 'overdue' && context.iso.isMaintenance(context.clock.now());
  const isOverdue = (overdue !== '' || wasOverdue) && move.state === 'following';
  return { ...move, attention: isOverdue ? 'overdue' : null };
}

function toOverdue({ clock, settings, iso }: StepContext, parts: readonly Part[]): string {
  if (iso.isMaintenance(clock.now())) return '';
  const open = parts.flatMap(({ submissions }) => submissions.at(-1) ?? []).filter((s) => s.state === 'sent');
  const late = open.filter(({ intendedAt }) => clock.now() - intendedAt > settings.overdueMs);
  return late
    .map((submission) => {
      const status = submission.isoStatus ?? 'no status yet';
      return toWords('overdue at the ISO', `${submission.isoName}, ${submission.words || status}`);
    })
    .join('; ');
}
