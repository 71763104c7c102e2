import { MdmaError } from '../../../storage/model/errors.ts';
import type { ClaimedForwarding, Move, Outcome, Part } from '../../../storage/ports/forwardings.ts';
import { readWhole } from '../../../storage/read-file.ts';
import { toIsoName } from '../iso-name.ts';
import type { SendOutcome } from '../iso-outcomes.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from './keep-page.ts';
import { keepPause } from './keep-pause.ts';
import { toNextMove, toPerson, toRetry, withOutcome } from './move.ts';

/**
 * Sends one part: intent durable, then the act, then its outcome durable. A bridge that is killed in between leaves an
 * intent, which only a look at the ISO can settle; one that was stopped and resumed finds its deadline over and sends
 * nothing (ruling 27).
 */
export async function submit(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  attempt: number,
): Promise<StepResult> {
  const { forwardings, files, clock, settings } = context;
  const bytes = await readWhole(files, part.file);
  const fault = context.iso.findSendFault(context, part, bytes);
  if (fault !== undefined) {
    await forwardings.moveForwarding(forwarding.id, toPerson(`part ${part.number} ${fault}`));
    return 'done';
  }
  const { transaction } = forwarding;
  const isoName = toIsoName(
    { transaction, part: part.number, attempt, sha256: part.file.sha256 },
    part.extension,
  );
  const begunMs = context.monotonicMs();
  const deadlineAt = clock.now() + settings.uploadDeadlineMs;
  const submission = await forwardings.recordIntent(forwarding.id, {
    partId: part.id,
    attempt,
    isoName,
    deadlineAt,
    leaseUntilAt: clock.now() + settings.leaseMs,
  });
  const leftMs = settings.uploadDeadlineMs - (context.monotonicMs() - begunMs);
  const answer: Sent =
    context.signal.aborted || leftMs <= 0
      ? { kind: 'unavailable', why: 'the bridge stopped, or its time was over, before anything was sent' }
      : await send(context, isoName, bytes, Math.min(deadlineAt, clock.now() + leftMs));
  // An ISO that cuts one upload may cut the next as well: sent at once, all that is due would become unknown.
  const isToPause = answer.kind === 'unavailable' || answer.kind === 'unknown';
  if (answer.kind === 'unrecognised') await keepPage(context, forwarding.account, answer.page);
  if (isToPause) await keepPause(context, forwarding, answer);

  const outcome = toOutcome(answer);
  const parts = forwarding.parts.map((other) =>
    other.id === part.id ? { ...part, submissions: [...part.submissions, submission] } : other,
  );
  const move = toMove(context, forwarding, withOutcome(parts, part.id, outcome), part, answer);
  await forwardings.recordOutcome(forwarding.id, submission.id, outcome, move);
  const { log } = context;
  log.info(
    { forwarding: forwarding.id, part: part.number, isoName, outcome: answer.kind },
    'an upload has ended',
  );
  return isToPause ? 'unavailable' : 'done';
}

/** `not-sendable`: the way takes no such name or size; nothing was sent. */
type Sent = SendOutcome | { readonly kind: 'not-sendable'; readonly why: string };

async function send({ iso }: StepContext, ...part: Parameters<StepContext['iso']['send']>): Promise<Sent> {
  try {
    return await iso.send(...part);
  } catch (error) {
    if (error instanceof MdmaError && error.code === 'invalid-request') {
      return { kind: 'not-sendable', why: error.message };
    }
    throw error;
  }
}

function toOutcome(answer: Sent): Outcome {
  switch (answer.kind) {
    case 'received':
      return { state: 'sent', isoFileId: answer.isoFileId, words: answer.words };
    case 'refused':
      return { state: 'refused', words: answer.words };
    case 'not-sendable':
      return { state: 'refused', words: `nothing was sent: ${answer.why}` };
    case 'unavailable':
      return { state: 'absent', words: `nothing was sent: ${answer.why}` };
    case 'unknown':
      return { state: 'unknown', words: answer.why };
    case 'unrecognised':
      return { state: 'unknown', words: `the answer was not recognised: ${answer.page.why}` };
  }
}

function toMove(
  context: StepContext,
  forwarding: ClaimedForwarding,
  parts: readonly Part[],
  part: Part,
  answer: Sent,
): Move {
  switch (answer.kind) {
    case 'received':
      return answer.bytes === undefined || answer.bytes === part.file.bytes
        ? toNextMove(context, parts)
        : toPerson(
            `part ${part.number}: the ISO received ${answer.bytes} bytes of ${part.file.bytes} as file ${answer.isoFileId}`,
          );
    case 'refused':
      return toPerson(`part ${part.number} was refused by the ISO: ${answer.words}`);
    case 'not-sendable':
      return toPerson(`part ${part.number} cannot be sent: ${answer.why}`);
    case 'unavailable':
      return toRetry(context, { ...forwarding, state: 'prepared' }, answer);
    case 'unknown': {
      const move = toNextMove(context, parts);
      return { ...move, dueAt: Math.max(move.dueAt ?? 0, context.clock.now() + (answer.waitMs ?? 0)) };
    }
    case 'unrecognised':
      return toNextMove(context, parts);
  }
}
