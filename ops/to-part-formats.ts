import { toBridgeSettings } from '../bridge/config.ts';
import { loadMapping } from '../bridge/mris/messages/mapping.ts';
import type { PartFormats } from '../storage/reconciliation/row.ts';
import type { Config } from './config.ts';

/**
 * What parts are written in by the configuration: the layout of CSV files, and how the batches of an account at MRI-S
 * are written: by its mapping file, read each time, because it may have been corrected meanwhile; by the one that is
 * shipped, where the account is not configured any more. A mapping file with faults is `invalid-request`, naming every
 * one.
 */
export function toPartFormats({ bridge, iso }: Pick<Config, 'bridge' | 'iso'>): PartFormats {
  return {
    csvLayout: toBridgeSettings(bridge).csvLayout,
    async getMeterDataFormat(account) {
      const own = iso?.accounts.find(({ name }) => name === account);
      return (await loadMapping(own?.way === 'mris' ? own.mappingFile : undefined)).meterData;
    },
  };
}
