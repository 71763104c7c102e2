import type { IsoAccountConfig } from '../bridge/iso-config.ts';
import { loadMapping } from '../bridge/mris/messages/mapping.ts';
import { toCarried } from '../bridge/mris/messages/to-carried.ts';
import { MdmaError } from '../storage/model/errors.ts';
import type { MappingAccount } from '../storage/model/resource.ts';
import type { PassThroughAccount } from '../storage/post-file.ts';
import type { Config } from './config.ts';

/**
 * The ISO accounts of the configuration as far as mappings and postings are concerned, each with what its way carries
 * and takes. One whose mapping file cannot be used says so, and stops nothing else.
 */
export function loadIsoAccounts({
  iso,
  bridge,
}: Pick<Config, 'iso' | 'bridge'>): Promise<(MappingAccount & PassThroughAccount)[]> {
  return Promise.all((iso?.accounts ?? []).map((account) => loadIsoAccount(account, bridge.maxPartBytes)));
}

async function loadIsoAccount(
  account: IsoAccountConfig,
  maxBytes: number,
): Promise<MappingAccount & PassThroughAccount> {
  const { name, way, resources } = account;
  if (account.way === 'omar') return { name, way, resources, maxBytes };
  try {
    const { meterData } = await loadMapping(account.mappingFile);
    return { name, way, resources, carries: toCarried(meterData) };
  } catch (error) {
    if (error instanceof MdmaError) return { name, way, resources, fault: error.message };
    throw error;
  }
}
