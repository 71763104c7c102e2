import { parseCsvLayout } from '../bridge/csv-layout.ts';
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
  return Promise.all((iso?.accounts ?? []).map((account) => loadIsoAccount(account, bridge)));
}

async function loadIsoAccount(
  account: IsoAccountConfig,
  bridge: Config['bridge'],
): Promise<MappingAccount & PassThroughAccount> {
  const { name, way, resources } = account;
  if (account.way === 'omar') {
    const csvLayout = parseCsvLayout(bridge.csvLayout);
    return { name, way, resources, maxBytes: bridge.maxPartBytes, csvLayout };
  }
  try {
    const { meterData } = await loadMapping(account.mappingFile);
    return { name, way, resources, carries: toCarried(meterData) };
  } catch (error) {
    if (error instanceof MdmaError) return { name, way, resources, fault: error.message };
    throw error;
  }
}
