import { loadMapping, type MrisMapping } from '../bridge/mris/messages/mapping.ts';
import type { Config } from './config.ts';

/**
 * How messages of an account at MRI-S are written: by its mapping file, read each time, because it may have been
 * corrected meanwhile; by the one that is shipped, where the account is not configured any more.
 *
 * @throws `invalid-request` naming the file and every fault in it
 */
export function loadAccountMapping({ iso }: Pick<Config, 'iso'>, account: string): Promise<MrisMapping> {
  const own = iso?.accounts.find(({ name }) => name === account);
  return loadMapping(own?.way === 'mris' ? own.mappingFile : undefined);
}
