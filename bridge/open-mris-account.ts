import { randomUUID } from 'node:crypto';
import type { Clock } from '../storage/ports/clock.ts';
import type { RetrievePaces } from '../storage/ports/retrieve-paces.ts';
import { openCertificate } from './account-certificate.ts';
import type { BridgeConfig } from './config.ts';
import { createMrisWay } from './forwarding/mris/create-mris-way.ts';
import type { Log } from './forwarding/step-context.ts';
import { type MrisAccountConfig, toIsoUrl } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
import { createMrisClient } from './mris/client.ts';
import { loadMapping, type MrisMapping } from './mris/messages/mapping.ts';
import type { MrisClient } from './mris/outcomes.ts';

/** An account at MRI-S as the loop serves it, with its client, and the messages that it speaks. */
export interface OpenedMrisAccount extends ServedAccount {
  readonly client: MrisClient;
  /** What parts are written by: `mapping.meterData`. */
  readonly mapping: MrisMapping;
}

/**
 * Reads the certificate and the mapping file of an account at MRI-S and makes its client; connects to nothing. Warns
 * from 30 days before the certificate ends.
 *
 * @param paces where the time of each user's next retrieve is kept, durably and for all bridges
 * @throws `invalid-request` as `openCertificate`, `loadMapping` and `createMrisClient` do
 */
export async function openMrisAccount(
  account: MrisAccountConfig,
  config: BridgeConfig,
  { clock, log, paces }: { clock: Clock; log: Log; paces: RetrievePaces },
): Promise<OpenedMrisAccount> {
  const { name, scId, way, environment, attachments, signatureHash, username } = account;
  const mapping = await loadMapping(account.mappingFile);
  const { validity, user, ...opened } = await openCertificate(account, { clock, log });
  const client = createMrisClient({
    url: toIsoUrl(account),
    ...opened,
    ...(username === undefined ? {} : { username }),
    attachments,
    signatureHash,
    mapping,
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    requestTimeoutMs: config.requestTimeoutSeconds * 1000,
    submitTimeoutMs: config.uploadDeadlineSeconds * 1000,
    pace: {
      takeRetrieve: (now, untilAt) => paces.takeRetrieve(user, now, untilAt),
      settleRetrieve: (untilAt, nextAt) => paces.settleRetrieve(user, untilAt, nextAt),
    },
    clock,
    newId: randomUUID,
  });
  const { mris } = config;
  return {
    name,
    way,
    client,
    mapping,
    iso: createMrisWay({ client, format: mapping.meterData, scId, environment, ...toMrisMs(config) }),
    settings: {
      followDelaysMs: mris.followDelaysSeconds.map((delay) => delay * 1000),
      maxPartBytes: mris.maxPartBytes,
    },
    resources: account.resources,
    certificate: validity,
  };
}

/** What reconciliation by retrieves goes by, in milliseconds. */
export function toMrisMs({ mris }: BridgeConfig): { validationMs: number; clockMarginMs: number } {
  return { validationMs: mris.validationSeconds * 1000, clockMarginMs: mris.clockMarginSeconds * 1000 };
}
