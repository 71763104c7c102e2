import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { serverConfigSchema } from '../../server/config.ts';
import { startServer } from '../../server/start.ts';
import { parseParticipantName } from '../../storage/model/mailbox.ts';
import { dayMs } from '../../storage/model/time.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { type BridgeWorld, createBridgeWorld } from '../support/bridge-world.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { atEnd } from '../support/cleanup.ts';
import { request } from '../support/https.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** Asks a real server on the world's store, as its staff. */
async function serve({ store }: BridgeWorld) {
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
  });
  const logger = pino({ enabled: false });
  const getMeterDataFormat = () => Promise.reject(new Error('no report is asked for'));
  const running = await startServer(config, {
    store,
    clock: systemClock,
    logger,
    isoAccounts: [],
    getMeterDataFormat,
  });
  atEnd(() => running.stop());
  return async (href: string, accept: string) => {
    const options = { authority, certificate: staff, headers: { accept } };
    return (await request('GET', `https://localhost:${running.port}${href}`, options)).body.toString();
  };
}

test('a repost and what it replaces show each other, down to the submissions at the ISO (ISO-10)', async () => {
  const world = await createBridgeWorld();
  await world.map(['MTR000000001', 'MTR000000002']);
  const original = await world.post(toCmepFile(6_000, 1));
  await world.runBridge({ maxPartBytes: 8_000 });
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const text = Buffer.from(toCmepFile(6_000, 1)).toString('latin1');
  const corrected = Buffer.from(text.replaceAll(/,(\d)\./g, ',1$1.'), 'latin1');
  const correction = await world.post(corrected, { corrects: original.transaction });
  await world.waitUntilAll(({ state }) => state === 'accepted');

  const [first, second] = [original.forwardings[0]?.id ?? 0, correction.forwardings[0]?.id ?? 0];
  const held = world.simulator.holdings().map(({ fileId, name }) => ({ isoFileId: fileId, isoName: name }));
  const submissions = (from: number) =>
    [1, 2].map((part, at) => ({ part, attempt: 1, state: 'accepted', ...held[from + at] }));
  const sent = [
    { id: first, transaction: original.transaction, state: 'accepted', submissions: submissions(0) },
    { id: second, transaction: correction.transaction, state: 'accepted', submissions: submissions(2) },
  ];
  const { findForwarding } = world.store.catalogue.forwardings;
  expect(await findForwarding(first)).toMatchObject({ replaces: [], replacedBy: [sent[1]] });
  expect(await findForwarding(second)).toMatchObject({ replaces: [sent[0]], replacedBy: [] });

  const get = await serve(world);
  expect(JSON.parse(await get(`/submissions/${second}`, 'application/json'))).toMatchObject({
    replaces: [{ ...sent[0], href: `/submissions/${first}` }],
    replacedBy: [],
  });
  expect(await get(`/submissions/${first}`, 'text/html')).toMatch(
    new RegExp(`is replaced by</td><td><a href="/submissions/${second}">.*${held[3]?.isoName}`),
  );

  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
  const { stdout } = await runMdma(['submissions', 'show', String(second)], { cwd, clock: systemClock });
  expect(stdout).toMatch(
    new RegExp(`\nreplaces +${first} .* ${held[0]?.isoName} +accepted +${held[0]?.isoFileId}`),
  );
  await world.expectOnceEach();
});

test('a repost before anything was sent says that nothing of the original was', async () => {
  const world = await createBridgeWorld();
  await world.map(['MTR000000001', 'MTR000000002']);
  const original = await world.post(toCmepFile(6_000, 1));
  const correction = await world.post(toCmepFile(6_000, 1), { corrects: original.transaction });
  const id = original.forwardings[0]?.id;
  const found = await world.store.catalogue.forwardings.findForwarding(correction.forwardings[0]?.id ?? 0);
  expect(found?.replaces).toEqual([
    { id, transaction: original.transaction, state: 'superseded', submissions: [] },
  ]);
});
