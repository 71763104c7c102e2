import type { Clock } from '../storage/ports/clock.ts';
import type { RetrievePaces } from '../storage/ports/retrieve-paces.ts';
import type { BridgeConfig } from './config.ts';
import type { Log } from './forwarding/step-context.ts';
import type { IsoConfig } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
import { openAccount } from './open-account.ts';
import { openMrisAccount } from './open-mris-account.ts';

/**
 * Opens every account of the configuration, by its way; connects to nothing.
 *
 * @throws `invalid-request` as `openAccount` and `openMrisAccount` do
 */
export function openAccounts(
  { accounts }: IsoConfig,
  config: BridgeConfig,
  { clock, log, paces }: { clock: Clock; log: Log; paces: RetrievePaces },
): Promise<ServedAccount[]> {
  return Promise.all(
    accounts.map((account) =>
      account.way === 'omar'
        ? openAccount(account, config, { clock, log })
        : openMrisAccount(account, config, { clock, log, paces }),
    ),
  );
}
