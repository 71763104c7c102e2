import type { MeterDataFormat } from '../storage/formats/meter-data-xml/meter-data-format.ts';
import type { Config } from './config.ts';
import { loadAccountMapping } from './load-account-mapping.ts';

/**
 * How the batches of an account at MRI-S are written.
 *
 * @throws `invalid-request` naming the mapping file and every fault in it
 */
export async function getMeterDataFormat(
  config: Pick<Config, 'iso'>,
  account: string,
): Promise<MeterDataFormat> {
  return (await loadAccountMapping(config, account)).meterData;
}
