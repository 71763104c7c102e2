import { MdmaError } from '../storage/model/errors.ts';
import type { Way } from '../storage/model/forwarding.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { RetrievePaces } from '../storage/ports/retrieve-paces.ts';
import type { BridgeConfig } from './config.ts';
import type { Log } from './forwarding/step-context.ts';
import type { IsoAccountConfig, IsoConfig } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
import { openAccount } from './open-account.ts';
import { openMrisAccount } from './open-mris-account.ts';

/** An account that cannot be served, and why: a file of it is missing or cannot be used. */
export interface AccountFault {
  readonly account: string;
  readonly way: Way;
  readonly words: string;
}

export interface OpenedAccounts {
  readonly accounts: readonly ServedAccount[];
  readonly faults: readonly AccountFault[];
}

/** Opens every account of the configuration that can be, by its way; connects to nothing. */
export async function openAccounts(
  { accounts }: IsoConfig,
  config: BridgeConfig,
  { clock, log, paces }: { clock: Clock; log: Log; paces: RetrievePaces },
): Promise<OpenedAccounts> {
  const results = await Promise.allSettled(
    accounts.map((account) =>
      account.way === 'omar'
        ? openAccount(account, config, { clock, log })
        : openMrisAccount(account, config, { clock, log, paces }),
    ),
  );
  return {
    accounts: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    faults: accounts.flatMap((account, at) => {
      const result = results[at];
      return result?.status === 'rejected' ? [toFault(account, result.reason)] : [];
    }),
  };
}

/** @throws what is no fault of the account's files */
function toFault({ name: account, way }: IsoAccountConfig, reason: unknown): AccountFault {
  if (!(reason instanceof MdmaError)) throw reason;
  return { account, way, words: reason.message };
}

/** Every account that cannot be served, in one refusal. */
export function toAccountsRefusal(faults: readonly AccountFault[]): MdmaError {
  const count = faults.length === 1 ? 'an ISO account' : `${faults.length} ISO accounts`;
  return new MdmaError('invalid-request', `Cannot serve ${count}`, {
    faults: faults.map(({ account, words }) => ({
      at: `iso.accounts "${account}"`,
      value: words,
      expected: 'files that can be used',
    })),
  });
}
