import type { Clock } from '../storage/ports/clock.ts';
import type { BridgeConfig } from './config.ts';
import type { IsoConfig } from './iso-config.ts';
import { openAccounts, toAccountsRefusal } from './open-accounts.ts';

/** Nothing is retrieved when accounts are only tried. */
const noPaces = { takeRetrieve: async () => undefined, settleRetrieve: async () => undefined };

/**
 * Opens every account as the bridge would, and closes it again; connects to nothing.
 *
 * @param warn is told of what will be a fault soon
 * @throws `invalid-request` with every account whose certificate, key, authority or mapping file cannot be used
 */
export async function checkAccounts(
  iso: IsoConfig,
  config: BridgeConfig,
  { clock, warn }: { readonly clock: Clock; readonly warn: (words: string) => void },
): Promise<void> {
  const tell = (_fields: object, words: string) => warn(words);
  const log = { info: tell, warn: tell, error: tell };
  const { accounts, faults } = await openAccounts(iso, config, { clock, log, paces: noPaces });
  await Promise.all(accounts.map((account) => account.iso.close()));
  if (faults.length > 0) throw toAccountsRefusal(faults);
}
