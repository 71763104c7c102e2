import { randomUUID } from 'node:crypto';
import { MdmaError } from '../storage/model/errors.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { RetrievePaces } from '../storage/ports/retrieve-paces.ts';
import { openCertificate } from './account-certificate.ts';
import type { BridgeConfig } from './config.ts';
import { createMrisWay } from './forwarding/mris/create-mris-way.ts';
import type { Log } from './forwarding/step-context.ts';
import { type MrisAccountConfig, toIsoUrl } from './iso-config.ts';
import type { ServedAccount } from './loop.ts';
import { createMrisClient } from './mris/client.ts';
import { isMaintenance } from './mris/environments.ts';
import { excuseMaintenance } from './mris/excuse-maintenance.ts';
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
  const [mapping, { validity, user, ...opened }] = await openFiles(account, { clock, log });
  const isMaintenanceNow = () => isMaintenance(environment, clock.now());
  const speaker = createMrisClient({
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
  const client = excuseMaintenance(speaker, isMaintenanceNow);
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

/** Both are tried, so that all that is wrong is said at once. */
async function openFiles(account: MrisAccountConfig, deps: { clock: Clock; log: Log }) {
  const [mapping, certificate] = await Promise.allSettled([
    loadMapping(account.mappingFile),
    openCertificate(account, deps),
  ]);
  if (mapping.status === 'fulfilled' && certificate.status === 'fulfilled') {
    return [mapping.value, certificate.value] as const;
  }
  const reasons = [mapping, certificate].flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const other = reasons.find((reason) => !(reason instanceof MdmaError));
  if (other !== undefined) throw other;
  throw new MdmaError('invalid-request', reasons.map(({ message }: MdmaError) => message).join('; '));
}

/** What reconciliation by retrieves goes by, in milliseconds. */
export function toMrisMs({ mris }: BridgeConfig): { validationMs: number; clockMarginMs: number } {
  return { validationMs: mris.validationSeconds * 1000, clockMarginMs: mris.clockMarginSeconds * 1000 };
}
