import { pino } from 'pino';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { toPartFormats } from '../../ops/to-part-formats.ts';
import { serverConfigSchema } from '../../server/config.ts';
import { startServer } from '../../server/start.ts';
import { parseParticipantName } from '../../storage/model/mailbox.ts';
import { dayMs } from '../../storage/model/time.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { BridgeWorld } from './bridge-world.ts';
import { getTestCertificates } from './certificates.ts';
import { atEnd } from './cleanup.ts';
import { type Answer, type RequestOptions, request } from './https.ts';

/**
 * Starts a real server on the world's store, at which files can be passed through to the world's accounts.
 *
 * @returns what asks it as staff
 */
export async function serveWorld({ store, accounts, mris }: BridgeWorld) {
  const { authority, staff, server } = await getTestCertificates();
  await store.catalogue.participants.registerCertificate({
    participant: parseParticipantName('staff'),
    fingerprint: staff.fingerprint,
    subject: 'CN=staff',
    validFromAt: Date.now() - dayMs,
    validToAt: Date.now() + dayMs,
  });
  const config = serverConfigSchema.parse({
    listen: { host: '127.0.0.1', port: 0 },
    certificateFile: server.certificatePath,
    keyFile: server.keyPath,
    clientAuthorityFiles: [authority.certificatePath],
    observe: { port: 0 },
    support: [{ name: 'Help desk', contact: '+1 555 0100' }],
    limits: { reserveBytes: 0 },
  });
  const logger = pino({ enabled: false });
  const way = mris === undefined ? ('omar' as const) : ('mris' as const);
  const isoAccounts = accounts.map((name) => ({ name, way }));
  const running = await startServer(config, {
    store,
    clock: systemClock,
    logger,
    isoAccounts,
    partFormats: toPartFormats({ bridge: bridgeConfigSchema.parse({}) }),
  });
  atEnd(() => running.stop());
  return (
    method: string,
    href: string,
    options: Pick<RequestOptions, 'headers' | 'body'> = {},
  ): Promise<Answer> =>
    request(method, `https://localhost:${running.port}${href}`, {
      authority,
      certificate: staff,
      ...options,
      headers: { accept: 'application/json', ...options.headers },
    });
}
