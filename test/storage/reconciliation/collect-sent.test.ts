import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bridgeConfigSchema } from '../../../bridge/config.ts';
import { toPartFormats } from '../../../ops/to-part-formats.ts';
import { collectSent } from '../../../storage/reconciliation/collect-sent.ts';
import { setUpForwardings } from '../forwardings/forwarding-setup.ts';

/** A part that was sent, and what collecting finds of it. */
async function setUpSent() {
  const { store, forwardings, map, post, prepare } = await setUpForwardings();
  await map('M1');
  await post({ sets: [{}] });
  const { forwarding, part } = await prepare();
  const until = { deadlineAt: store.clock.now(), leaseUntilAt: store.clock.now() + 60_000 };
  await forwardings.recordIntent(forwarding.id, { partId: part.id, attempt: 1, isoName: 'a.csv', ...until });
  const partFormats = toPartFormats({ bridge: bridgeConfigSchema.parse({}) });
  const unreadable: object[] = [];
  const side = {
    addSent: () => undefined,
    addUnreadable: (_: unknown, time: object) => unreadable.push(time),
  };
  const days = { accounts: new Set(['sc-one']), from: '2026-11-01', to: '2026-11-30' };
  return {
    place: path.join(store.config.filesFolder, part.file.key),
    unreadable,
    collect: () => collectSent({ ...store, partFormats }, side, days),
  };
}

test('of a part that is gone it is told which trade days are not known', async () => {
  const { place, unreadable, collect } = await setUpSent();
  rmSync(place);
  await collect();
  expect(unreadable).toEqual([
    { fromAt: Date.parse('2026-11-19T08:00Z'), toAt: Date.parse('2026-11-20T08:00Z') },
  ]);
});

test('a disk that fails is no damaged part: the error goes on', async () => {
  const { place, unreadable, collect } = await setUpSent();
  rmSync(place);
  mkdirSync(place);
  await expect(collect()).rejects.toMatchObject({ code: 'EISDIR' });
  expect(unreadable).toEqual([]);
});
