import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../storage/ports/clock.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { createBridgeWorld } from '../support/bridge-world.ts';
import { serveWorld } from '../support/serve-world.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

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

  const ask = await serveWorld(world);
  const get = async (href: string, accept: string) =>
    (await ask('GET', href, { headers: { accept } })).body.toString();
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
