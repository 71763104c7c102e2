import { toWords } from '../../../storage/model/alarms.ts';
import type { ClaimedForwarding, Part } from '../../../storage/ports/forwardings.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from './keep-page.ts';
import { toNextMove, toPause, toRetry, withOutcome } from './move.ts';

/** Asks for the status of every part that has not ended, one after the other. */
export async function follow(context: StepContext, forwarding: ClaimedForwarding): Promise<StepResult> {
  const { forwardings, clock, settings } = context;
  let { parts } = forwarding;
  for (const part of forwarding.parts) {
    const submission = part.submissions.at(-1);
    if (submission?.state !== 'sent' || submission.isoFileId === null || context.signal.aborted) continue;
    const { isoFileId } = submission;
    const look = await context.iso.look(context, forwarding, part, { ...submission, isoFileId });
    if (look.kind === 'unavailable') {
      await forwardings.moveForwarding(forwarding.id, toRetry(context, forwarding, look));
      return toPause(look);
    }
    if (look.kind === 'unrecognised') {
      await keepPage(context, forwarding.account, look.page);
      const reason = `the ISO's status page was not recognised: ${look.page.why}`;
      const dueAt = clock.now() + settings.recheckMs;
      await forwardings.moveForwarding(forwarding.id, { state: forwarding.state, reason, dueAt });
      return 'done';
    }
    parts = withOutcome(parts, part.id, look.outcome);
    await forwardings.recordOutcome(forwarding.id, submission.id, look.outcome, look.move);
    if (look.move !== undefined) return 'done';
  }
  const overdue = toOverdue(context, parts);
  const move = toNextMove(context, parts, overdue);
  const isOverdue = overdue !== '' && move.state === 'following';
  await forwardings.moveForwarding(forwarding.id, { ...move, attention: isOverdue ? 'overdue' : null });
  return 'done';
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
