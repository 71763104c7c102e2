import { loadMapping } from '../bridge/mris/messages/mapping.ts';
import type { MeterDataFormat } from '../storage/formats/meter-data-xml/meter-data-format.ts';
import type { Config } from './config.ts';

/**
 * How the batches of an account at MRI-S are written: by its mapping file, read each time, because it may have been
 * corrected meanwhile; by the one that is shipped, where the account is not configured any more.
 *
 * @throws `invalid-request` naming the file and every fault in it
 */
export async function getMeterDataFormat(
  { iso }: Pick<Config, 'iso'>,
  account: string,
): Promise<MeterDataFormat> {
  const own = iso?.accounts.find(({ name }) => name === account);
  return (await loadMapping(own?.way === 'mris' ? own.mappingFile : undefined)).meterData;
}
