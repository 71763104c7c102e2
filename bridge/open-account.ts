import type { Clock } from '../storage/ports/clock.ts';
import { openCertificate } from './account-certificate.ts';
import type { BridgeConfig } from './config.ts';
import { createOmarWay } from './forwarding/omar/create-omar-way.ts';
import type { Log } from './forwarding/step-context.ts';
import { type OmarAccountConfig, toIsoUrl } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
import { createOmarClient } from './omar/client.ts';
import type { OmarClient } from './omar/outcomes.ts';

/**
 * Reads the certificate of an account at OMAR-Online and makes its client; connects to nothing. Warns from 30 days
 * before the certificate ends.
 *
 * @throws `invalid-request` naming the file, and the date where it matters, when a file is missing, the passphrase is
 *   wrong, or the certificate is not valid now
 */
export async function openAccount(
  account: OmarAccountConfig,
  config: BridgeConfig,
  { clock, log }: { clock: Clock; log: Log },
): Promise<ServedAccount & { readonly client: OmarClient }> {
  const { name, way } = account;
  const { validity, user: _user, ...opened } = await openCertificate(account, { clock, log });
  const client = createOmarClient({
    url: toIsoUrl(account),
    ...opened,
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    requestTimeoutMs: config.requestTimeoutSeconds * 1000,
    uploadTimeoutMs: config.uploadDeadlineSeconds * 1000,
    maxPages: config.maxPages,
    cookieStyle: account.cookieStyle,
    download: config.download,
    clock,
  });
  return {
    name,
    way,
    iso: createOmarWay(client),
    resources: account.resources,
    certificate: validity,
    client,
  };
}
