import { MdmaError } from '../storage/model/errors.ts';
import type { WorkKind } from '../storage/model/forwarding.ts';
import { minuteMs, toIsoText } from '../storage/model/time.ts';
import type { AccountPauses } from '../storage/ports/account-pauses.ts';
import type { Instances } from '../storage/ports/instances.ts';
import type { IsoInterval } from '../storage/reconciliation/iso-interval.ts';
import type { HeldScope, StepContext } from './forwarding/step-context.ts';
import { keepPage } from './forwarding/steps/keep-page.ts';
import type { ServedAccount } from './loop.ts';

export interface AskIsoDeps
  extends Pick<StepContext, 'forwardings' | 'files' | 'clock' | 'newId' | 'wait' | 'signal' | 'log'> {
  readonly instances: Pick<Instances, 'takeLease' | 'releaseLease'>;
  readonly accountPauses: AccountPauses;
  readonly settings: Pick<StepContext['settings'], 'leaseMs'> & { readonly pollMs: number };
}

/** Longer than the 30-second rule ever makes wait, and than a bridge works on one account without a pause. */
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
  const { name, way, iso } = account;
  const refuse = (why: string) =>
    new MdmaError('unavailable', `Cannot ask the ISO for account "${name}": ${why}`);
  const stop = (await deps.forwardings.listStops(name)).find(({ kind }) => workOf[way].includes(kind));
  if (stop !== undefined) {
    const found = `${stop.kind} work stands still since a page was not recognised (mdma stops)`;
    throw new MdmaError('conflict', `Cannot ask the ISO for account "${name}": ${found}`);
  }
  const questions = iso.toQuestions(scope);
  for (const [done, ask] of questions.entries()) {
    onProgress(done, questions.length);
    for (let isAnswered = false; !isAnswered; ) {
      const pauseEndAt = await deps.accountPauses.findPauseEnd(name, way);
      if (pauseEndAt !== undefined) throw refuse(`it wants to be left alone until ${toIsoText(pauseEndAt)}`);
      const answer = await withLease(deps, `${way}:${name}`, ask);
      if (answer === undefined) throw refuse('a bridge has been at work on it for ten minutes');
      if (answer.kind === 'read') {
        isAnswered = true;
        for (const interval of answer.intervals) take(interval);
      } else if (answer.kind === 'early' && answer.waitMs <= maxWaitMs) {
        await deps.wait(answer.waitMs, deps.signal);
        deps.signal.throwIfAborted();
      } else if (answer.kind === 'unrecognised') {
        await keepPage(deps, name, answer.page);
        throw refuse(`the answer is not recognised and was kept (mdma stops): ${answer.page.why}`);
      } else {
        if (answer.kind === 'unavailable' && answer.waitMs !== undefined)
          await deps.accountPauses.pauseAccount(name, way, deps.clock.now() + answer.waitMs);
        throw refuse(answer.kind === 'early' ? `not before ${answer.waitMs} ms are over` : answer.why);
      }
    }
  }
  onProgress(questions.length, questions.length);
}

/** Does one thing while the lease is ours; undefined when it could not be had. */
async function withLease<T>(
  { instances, clock, settings, wait, signal }: AskIsoDeps,
  lease: string,
  act: () => Promise<T>,
): Promise<T | undefined> {
  const { leaseMs, pollMs } = settings;
  const giveUpAt = clock.now() + maxWaitMs;
  while (!(await instances.takeLease(lease, clock.now() + leaseMs))) {
    if (clock.now() >= giveUpAt) return undefined;
    await wait(pollMs, signal);
    signal.throwIfAborted();
  }
  const ended = new AbortController();
  const renewing = renew().catch((error: unknown) => error);
  try {
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
