import type { Way } from '../../../storage/model/forwarding.ts';
import type { StepContext } from '../step-context.ts';

/**
 * Keeps how long the ISO wants to be left alone, where it said so. It comes ahead of the move that follows from the same
 * answer, so that a bridge that dies in between leaves the account alone, too.
 */
export async function keepPause(
  { accountPauses, clock }: Pick<StepContext, 'accountPauses' | 'clock'>,
  { account, way }: { readonly account: string; readonly way: Way },
  { waitMs }: { readonly waitMs?: number },
): Promise<void> {
  if (waitMs !== undefined) await accountPauses.pauseAccount(account, way, clock.now() + waitMs);
}
