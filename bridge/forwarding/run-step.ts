import { toWords } from '../../storage/model/alarms.ts';
import type { ClaimedForwarding, Part } from '../../storage/ports/forwardings.ts';
import { decide } from './decide.ts';
import type { StepContext, StepResult } from './step-context.ts';
import { follow } from './steps/follow.ts';
import { toKept, toStuck } from './steps/move.ts';
import { prepare } from './steps/prepare.ts';
import { submit } from './steps/submit.ts';
import { tellAttention } from './tell-attention.ts';

/** Decides and makes the next step of a claimed forwarding. Every step ends by moving it, which gives the lease back. */
export async function runStep(given: StepContext, forwarding: ClaimedForwarding): Promise<StepResult> {
  const forwardings = tellAttention(given, forwarding);
  const context = { ...given, forwardings };
  const { clock, settings } = context;
  const stops = await forwardings.listStops(forwarding.account);
  const step = decide(forwarding, clock.now(), settings, new Set(stops.map(({ kind }) => kind)));
  const { id, state } = forwarding;
  switch (step.kind) {
    case 'prepare':
      await prepare(context, forwarding);
      return 'done';
    case 'submit': {
      const clockState = context.clockWatch?.state();
      if (clockState?.kind === 'off') {
        const reason = toWords('waits until the clock is right', clockState.words);
        const move = { state, reason, dueAt: clock.now() + settings.recheckMs };
        await forwardings.moveForwarding(id, toKept(forwarding, move));
        return 'done';
      }
      return submit(context, forwarding, getPart(forwarding, step.part), step.attempt);
    }
    case 'reconcile': {
      const part = getPart(forwarding, step.part);
      const submission = part.submissions.at(-1);
      if (submission === undefined)
        throw new Error(`Cannot reconcile part ${step.part}: nothing of it was sent`);
      return context.iso.reconcile(context, forwarding, part, submission);
    }
    case 'follow':
      return follow(context, forwarding);
    case 'wait': {
      const { reason, untilAt: dueAt, isStuck = false, isStopped = false } = step;
      const move = { state, reason, dueAt };
      if (isStuck) await forwardings.moveForwarding(id, toStuck(context, forwarding, move));
      else await forwardings.moveForwarding(id, isStopped ? toKept(forwarding, move) : move);
      return 'done';
    }
    case 'finish':
      await forwardings.moveForwarding(id, { state: step.state, reason: step.reason, dueAt: null });
      return 'done';
  }
}

function getPart({ id, parts }: ClaimedForwarding, number: number): Part {
  const part = parts.find((other) => other.number === number);
  if (part === undefined) throw new Error(`Cannot find part ${number} of forwarding ${id}`);
  return part;
}
