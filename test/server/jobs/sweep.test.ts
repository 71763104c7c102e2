import { expect, test } from 'vitest';
import { sweepInstances, sweepOrphans } from '../../../server/jobs/sweep.ts';
import { parseFileName } from '../../../storage/model/file-name.ts';
import { parseMailboxName, parseParticipantName } from '../../../storage/model/mailbox.ts';
import { hourMs } from '../../../storage/model/time.ts';
import { toFileKey } from '../../../storage/ports/file-store.ts';
import { instanceTimeoutMs } from '../../../storage/ports/instances.ts';
import { startTestServer, toSample } from '../test-server.ts';

test('what a dead instance left open is ended; a living one’s is not', async () => {
  const server = await startTestServer();
  const { catalogue, clock } = server.store;
  const [file] = (await server.post(toSample(1))).files;
  const dead = await server.store.openAgain('server');
  const [mailbox] = await catalogue.mailboxes.getMailboxes([parseMailboxName('esp-one')]);
  const participant = await catalogue.participants.findParticipant(parseParticipantName('esp-one'));
  if (mailbox === undefined || participant === undefined) throw new Error('nobody is enrolled');
  const opening = {
    mailboxId: mailbox.id,
    name: parseFileName(file.name),
    participant,
    credential: 'key x',
    address: '::1',
    coding: 'identity' as const,
    range: undefined,
  };
  await dead.catalogue.retrievals.openRetrieval(opening);
  await dead.catalogue.postings.openSource();
  await catalogue.retrievals.openRetrieval(opening);
  expect(await sweepInstances({ catalogue, clock })).toEqual({ interrupted: 0, dropped: 0 });
  clock.advance(instanceTimeoutMs + 1);
  await catalogue.instances.heartbeat();
  expect(await sweepInstances({ catalogue, clock })).toEqual({ interrupted: 1, dropped: 1 });
  const { retrievals } = await catalogue.retrievals.listRetrievals(mailbox.id, {
    name: undefined,
    before: undefined,
    limit: 10,
  });
  expect(retrievals.map(({ state }) => state)).toEqual(['open', 'interrupted']);
  expect(await sweepInstances({ catalogue, clock })).toEqual({ interrupted: 0, dropped: 0 });
});

test('bytes without a row go when they are old; those of a post under way stay', async () => {
  const server = await startTestServer();
  const { catalogue, files } = server.store;
  await server.post(toSample(1));
  const whole = await files.create(toFileKey(0, 'a'.repeat(32)));
  await whole.write(Buffer.from('whole'));
  await whole.finish();
  const half = await files.create(toFileKey(0, 'b'.repeat(32)));
  await half.write(Buffer.alloc(1_000_000));
  const sweep = (now: number) =>
    sweepOrphans({ catalogue, files, clock: { now: () => now }, graceMs: hourMs });
  expect(await sweep(Date.now())).toBe(0);
  expect(await sweep(Date.now() + 2 * hourMs)).toBe(2);
  await half.discard();
  await server.store.expectSound();
  const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/');
  expect((await server.call('esp-one', 'GET', json.files[0].href)).body.equals(toSample(1))).toBe(true);
});
