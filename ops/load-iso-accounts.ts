import type { IsoAccountConfig } from '../bridge/iso-config.ts';
import { loadMapping } from '../bridge/mris/messages/mapping.ts';
import { toCarried } from '../bridge/mris/messages/to-carried.ts';
import type { MappingAccount } from '../storage/model/resource.ts';
import type { Config } from './config.ts';

/**
 * The ISO accounts of the configuration as far as mappings and postings are concerned, each with what its way carries.
 *
 * @throws `invalid-request` for a mapping file that cannot be used
 */
export function loadIsoAccounts({ iso }: Pick<Config, 'iso'>): Promise<MappingAccount[]> {
  return Promise.all((iso?.accounts ?? []).map(loadIsoAccount));
}

async function loadIsoAccount(account: IsoAccountConfig): Promise<MappingAccount> {
  const { name, way, resources } = account;
  if (account.way === 'omar') return { name, way, resources };
  const { meterData } = await loadMapping(account.mappingFile);
  return { name, way, resources, carries: toCarried(meterData) };
}
