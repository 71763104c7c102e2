import { raise, toWords } from '../storage/model/alarms.ts';
import { MdmaError } from '../storage/model/errors.ts';
import type { Way } from '../storage/model/forwarding.ts';
import { holdsResource } from '../storage/model/resource.ts';
import type { AccountPauses } from '../storage/ports/account-pauses.ts';
import type { ClaimedForwarding } from '../storage/ports/forwardings.ts';
import type { Instances } from '../storage/ports/instances.ts';
import { toAccountLease, toTurnLease } from './account-lease.ts';
import { toBackoffMs } from './forwarding/backoff.ts';
import { runStep } from './forwarding/run-step.ts';
import type { IsoWay, StepContext, StepResult, StepSettings } from './forwarding/step-context.ts';
import { toRetry } from './forwarding/steps/move.ts';
import { tellAttention } from './forwarding/tell-attention.ts';
import type { AccountCertificate } from './watch-certificates.ts';

/** One of the ISO's accounts (ruling 2) as the loop serves it. */
export interface ServedAccount {
  readonly name: string;
  readonly way: Way;
  readonly iso: IsoWay;
  /** What of the settings is its way's own. */
  readonly settings?: Partial<StepSettings>;
  /** The resources that it holds; undefined: whatever is mapped to it or posted for it. */
  readonly resources?: readonly string[] | undefined;
  /** What it shows to the ISO. */
  readonly certificate?: AccountCertificate;
}

export interface LoopDeps extends Omit<StepContext, 'iso' | 'holds' | 'signal' | 'failures'> {
  readonly instances: Pick<Instances, 'takeLease' | 'releaseLease' | 'findLeaseEnd'>;
  readonly accountPauses: AccountPauses;
  /** Longest time until the catalogue is looked at again. */
  readonly pollMs: number;
}

/**
 * Serves one account until the signal: claims what is most overdue, makes one step of it, and so on; sleeps until the
 * next is due. A lease of the account, across all bridges, keeps to one request at a time at the ISO, and a pause that
 * the ISO asked for holds for all of them. Who waits for the account gets it after the running step. That is finished before
 * it resolves.
 */
export async function serveAccount(deps: LoopDeps, account: ServedAccount, stop: AbortSignal): Promise<void> {
  const { forwardings, instances, accountPauses, clock, settings, log } = deps;
  const lease = toAccountLease(account);
  let failures = 0;
  let isOurs = false;

  async function turn(): Promise<number> {
    const dueAt = await forwardings.findNextDueAt(account.name, account.way);
    const dueInMs = dueAt === undefined ? Number.POSITIVE_INFINITY : dueAt - clock.now();
    if (dueInMs > 0) {
      await giveBack();
      return Math.min(dueInMs, deps.pollMs);
    }
    if ((await instances.findLeaseEnd(toTurnLease(lease))) !== undefined) {
      await giveBack();
      return deps.pollMs;
    }
    isOurs = await instances.takeLease(lease, clock.now() + settings.leaseMs);
    if (!isOurs) return deps.pollMs;
    const pauseEndAt = await accountPauses.findPauseEnd(account.name, account.way);
    if (pauseEndAt !== undefined) {
      await giveBack();
      return Math.max(1, pauseEndAt - clock.now());
    }
    const leaseUntilAt = clock.now() + settings.leaseMs;
    const claimed = await forwardings.claimForwarding(account.name, account.way, leaseUntilAt);
    if (claimed === undefined) return deps.pollMs;
    const result = await runLeased(deps, account, claimed, { lease, stop, failures });
    if (result === 'failed') return 0;
    failures = result === 'done' ? 0 : failures + 1;
    return failures === 0 ? 0 : toBackoffMs(failures, settings.backoff, deps.random());
  }

  async function giveBack(): Promise<void> {
    if (isOurs) await instances.releaseLease(lease);
    isOurs = false;
  }

  while (!stop.aborted) {
    let waitMs: number;
    try {
      waitMs = await turn();
    } catch (error) {
      failures += 1;
      waitMs = toBackoffMs(failures, settings.backoff, deps.random());
      raise(log, 'error', 'a step failed; it is tried again', { err: error, account: account.name });
    }
    if (waitMs > 0) await deps.wait(waitMs, stop);
  }
  try {
    await giveBack();
  } catch (error) {
    // It ends by itself; thrown, it would keep the other accounts of the bridge from stopping in order.
    raise(log, 'warn', 'a lease was not given back; it ends by itself', {
      err: error,
      account: account.name,
    });
  }
}

/** One step, with both leases renewed meanwhile; when one is lost, the step is told to begin nothing more. */
async function runLeased(
  deps: LoopDeps,
  account: ServedAccount,
  claimed: ClaimedForwarding,
  { lease, stop, failures }: { lease: string; stop: AbortSignal; failures: number },
): Promise<StepResult | 'failed'> {
  const lost = new AbortController();
  const ended = new AbortController();
  const holds = (resourceId: string) => holdsResource(account, resourceId);
  const context: StepContext = {
    ...deps,
    settings: { ...deps.settings, ...account.settings },
    iso: account.iso,
    holds,
    signal: AbortSignal.any([stop, lost.signal]),
    failures,
  };
  const renewing = renew(deps, claimed.id, lease, ended.signal).catch((error: unknown) => lost.abort(error));
  try {
    return await runStep(context, claimed);
  } catch (error) {
    await putOff(context, claimed.id, error);
    return 'failed';
  } finally {
    ended.abort();
    await renewing;
  }
}

async function renew(deps: LoopDeps, id: number, lease: string, ended: AbortSignal): Promise<void> {
  const { leaseMs } = deps.settings;
  for (;;) {
    await deps.wait(leaseMs / 3, ended);
    if (ended.aborted) return;
    const untilAt = deps.clock.now() + leaseMs;
    await deps.forwardings.renewLease(id, untilAt);
    if (!(await deps.instances.takeLease(lease, untilAt)))
      throw new Error(`Cannot renew ${lease}: it was taken`);
  }
}

/**
 * What failed for a reason of ours is shown to staff and tried again, each time after as long as it has made no progress,
 * for as long as it takes; where it stands is on record already. It slows no other forwarding of the account.
 *
 * @throws the error itself when the forwarding is not ours any more
 */
async function putOff(context: StepContext, id: number, error: unknown): Promise<void> {
  if (error instanceof MdmaError && error.code === 'conflict') throw error;
  const { forwardings, clock, settings, log } = context;
  const current = await forwardings.findForwarding(id);
  if (current === undefined) throw error;
  const stuckMs = Math.max(0, clock.now() - (current.stuckSinceAt ?? clock.now()));
  // So many times the delay has doubled by then.
  const failures = Math.floor(Math.log2(1 + stuckMs / settings.backoff.firstMs));
  const words = error instanceof Error ? error.message : String(error);
  const why = toWords('the step failed', words);
  const move = toRetry({ ...context, failures }, current, { why });
  const fields = { err: error, account: current.account, forwarding: id };
  raise(log, 'error', 'a step failed; it is tried again', fields);
  await tellAttention(context, current).moveForwarding(id, move);
}
