import { MdmaError } from '../storage/model/errors.ts';
import type { WorkKind } from '../storage/model/forwarding.ts';
import { minuteMs, toIsoText } from '../storage/model/time.ts';
import type { AccountPauses } from '../storage/ports/account-pauses.ts';
import type { Instances } from '../storage/ports/instances.ts';
import type { IsoInterval } from '../storage/reconciliation/iso-interval.ts';
import { toAccountLease, toTurnLease } from './account-lease.ts';
import type { HeldAnswer } from './forwarding/iso-outcomes.ts';
import type { HeldQuestion, HeldScope, StepContext } from './forwarding/step-context.ts';
import { keepPage } from './forwarding/steps/keep-page.ts';
import { keepPause } from './forwarding/steps/keep-pause.ts';
import type { ServedAccount } from './loop.ts';

export interface AskIsoDeps
  extends Pick<StepContext, 'forwardings' | 'files' | 'clock' | 'newId' | 'wait' | 'signal' | 'log'> {
  readonly instances: Pick<Instances, 'takeLease' | 'releaseLease'>;
  readonly accountPauses: AccountPauses;
  readonly settings: Pick<StepContext['settings'], 'leaseMs'> & { readonly pollMs: number };
}

/** Longer than the 30-second rule ever makes wait, and than one step of a bridge takes. */
const maxWaitMs = 10 * minuteMs;

/** The work that asking is at the ISO: where it stands still, nobody is asked. */
const workOf: Readonly<Record<ServedAccount['way'], readonly WorkKind[]>> = {
  omar: ['session', 'download'],
  mris: ['retrieve'],
};

/**
 * Asks the ISO what it holds, one request at a time and each under the account's lease (ruling 2), so that a bridge that
 * works on the account meanwhile and who asks take turns, and keep to the same pauses that the ISO asked for. Nothing is
 * stored but a page that is not recognised and such a pause.
 *
 * @param take gets what was held; after a failure nothing follows from what it got
 * @throws `unavailable` when the ISO, or the account, cannot be had now; `conflict` while that work stands still
 */
export async function askIso(
  deps: AskIsoDeps,
  account: ServedAccount,
  scope: HeldScope,
  {
    take,
    onProgress,
  }: { take: (interval: IsoInterval) => void; onProgress: (done: number, total: number) => void },
): Promise<void> {
  const { name, iso } = account;
  const questions = iso.toQuestions(scope);
  for (const [done, ask] of questions.entries()) {
    onProgress(done, questions.length);
    for (let isAnswered = false; !isAnswered; ) {
      const answer = await withLease(deps, toAccountLease(account), () => askOnce(deps, account, ask));
      if (answer === undefined) throw toUnavailable(name, 'a bridge has been at work on it for ten minutes');
      if (answer.kind === 'read') {
        isAnswered = true;
        for (const interval of answer.intervals) take(interval);
        if (done + 1 < questions.length) await letBridgeIn(deps, account);
      } else if (answer.kind === 'early' && answer.waitMs <= maxWaitMs) {
        await deps.wait(answer.waitMs, deps.signal);
        deps.signal.throwIfAborted();
      } else throw toUnavailable(name, toWhy(answer));
    }
  }
  onProgress(questions.length, questions.length);
}

/**
 * One question while the account is ours: whether it may be asked is looked at now, and a page or a pause that comes of
 * it is on record before anyone else has the account.
 */
async function askOnce(
  deps: AskIsoDeps,
  { name, way }: ServedAccount,
  ask: HeldQuestion,
): Promise<HeldAnswer> {
  const { forwardings, accountPauses } = deps;
  const stop = (await forwardings.listStops(name)).find(({ kind }) => workOf[way].includes(kind));
  if (stop !== undefined) {
    const found = `${stop.kind} work stands still since a page was not recognised (mdma stops)`;
    throw new MdmaError('conflict', `Cannot ask the ISO for account "${name}": ${found}`);
  }
  const pauseEndAt = await accountPauses.findPauseEnd(name, way);
  if (pauseEndAt !== undefined) {
    throw toUnavailable(name, `it wants to be left alone until ${toIsoText(pauseEndAt)}`);
  }
  const answer = await ask();
  if (answer.kind === 'unrecognised') await keepPage(deps, name, answer.page);
  if (answer.kind === 'unavailable') await keepPause(deps, { account: name, way }, answer);
  return answer;
}

/** Where something is due, leaves the account free until a bridge has looked, which it does once in a poll. */
async function letBridgeIn(
  { forwardings, clock, settings, wait, signal }: AskIsoDeps,
  { name, way }: ServedAccount,
): Promise<void> {
  const dueAt = await forwardings.findNextDueAt(name, way);
  if (dueAt === undefined || dueAt > clock.now()) return;
  await wait(2 * settings.pollMs, signal);
  signal.throwIfAborted();
}

function toUnavailable(account: string, why: string): MdmaError {
  return new MdmaError('unavailable', `Cannot ask the ISO for account "${account}": ${why}`);
}

function toWhy(answer: Exclude<HeldAnswer, { kind: 'read' }>): string {
  switch (answer.kind) {
    case 'early':
      return `not before ${answer.waitMs} ms are over`;
    case 'unrecognised':
      return `the answer is not recognised and was kept (mdma stops): ${answer.page.why}`;
    case 'unavailable':
      return answer.why;
  }
}

/** Does one thing while the lease is ours; undefined when it could not be had. */
async function withLease<T>(
  { instances, clock, settings, wait, signal }: AskIsoDeps,
  lease: string,
  act: () => Promise<T>,
): Promise<T | undefined> {
  const { leaseMs, pollMs } = settings;
  const giveUpAt = clock.now() + maxWaitMs;
  const turn = toTurnLease(lease);
  while (!(await instances.takeLease(lease, clock.now() + leaseMs))) {
    if (clock.now() >= giveUpAt) return undefined;
    // A bridge that sees it gives the account back after its step; it ends by itself soon after we do.
    await instances.takeLease(turn, clock.now() + 3 * pollMs);
    await wait(pollMs, signal);
    signal.throwIfAborted();
  }
  const ended = new AbortController();
  const renewing = renew().catch((error: unknown) => error);
  try {
    await instances.releaseLease(turn);
    const result = await act();
    ended.abort();
    const lost = await renewing;
    if (lost !== undefined) throw lost;
    return result;
  } finally {
    ended.abort();
    await renewing;
    await instances.releaseLease(lease);
  }

  async function renew(): Promise<undefined> {
    for (;;) {
      await wait(leaseMs / 3, ended.signal);
      if (ended.signal.aborted) return undefined;
      if (!(await instances.takeLease(lease, clock.now() + leaseMs))) {
        throw new MdmaError('unavailable', `Cannot renew ${lease}: it was taken`);
      }
    }
  }
}
