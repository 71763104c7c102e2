import { toBridgeSettings } from '../bridge/config.ts';
import type { PartFormats } from '../storage/reconciliation/row.ts';
import type { Config } from './config.ts';
import { loadAccountMapping } from './load-account-mapping.ts';

/**
 * What parts are written in by the configuration: the layout of CSV files, and how the batches of an account at MRI-S
 * are written. A mapping file with faults is `invalid-request`, naming every one.
 */
export function toPartFormats(config: Pick<Config, 'bridge' | 'iso'>): PartFormats {
  return {
    csvLayout: toBridgeSettings(config.bridge).csvLayout,
    getMeterDataFormat: async (account) => (await loadAccountMapping(config, account)).meterData,
  };
}
