import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { makeBackup } from '../../ops/backup/make-backup.ts';
import { openStore } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { atEnd } from '../support/cleanup.ts';
import { toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

test('what went out after the backup is not sent again, what did not is sent once', async () => {
  const world = await createBridgeWorld();
  const cwd = makeTemporaryFolder();
  const sent = await world.post(toOmarCsvFile(1), { passThrough: true });
  const unsent = await world.post(toOmarCsvFile(2), { passThrough: true });
  const [sentId, unsentId] = [sent, unsent].map(({ forwardings }) => forwardings[0]?.id ?? 0);
  const folder = path.join(cwd, 'backup');
  const options = { storage: world.storage, folder, clock: systemClock, onProgress: () => undefined };
  await makeBackup(world.store, options);

  await world.store.catalogue.forwardings.setHold(unsentId ?? 0, true, 'staff', 'not yet');
  const stop = await world.runBridge();
  await world.waitUntilAll(({ state, isHeld }) => state === 'accepted' || isHeld);
  await stop();
  expect(world.simulator.holdings()).toMatchObject([{ sha256: sent.sha256 }]);

  const storage = toStorageConfig(path.join(cwd, 'restored'));
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage }));
  const mdma = (...args: string[]) => runMdma(args, { cwd, clock: systemClock });
  const { code, stdout } = await mdma('restore', 'backup');
  expect(code).toBe(0);
  expect(stdout).toContain(`sent since the backup, 2: forwardings ${sentId}, ${unsentId}.\n`);

  const restored = await openStore(storage, { program: 'server', clock: systemClock });
  atEnd(() => restored.close());
  const bridge = world.startBridge({ storage });
  await bridge.waitForRecord(({ ready }) => ready === true);
  const listed = world.simulator.holdings().map(({ name }) => name);
  const prefix = /begin with (\S+)\n/.exec((await mdma('submissions', 'show', String(sentId))).stdout)?.[1];
  expect(listed.every((name) => name.startsWith(prefix ?? 'none'))).toBe(true);
  await mdma('submissions', 'close', String(sentId), '--reason', 'the ISO lists it');
  await mdma('submissions', 'release', String(unsentId), '--reason', 'the ISO does not list it');
  const find = async (id = 0) => (await restored.catalogue.forwardings.findForwarding(id))?.state;
  await vi.waitFor(async () => expect(await find(unsentId)).toBe('accepted'), { timeout: 20_000 });
  expect(await find(sentId)).toBe('closed');
  expect(await bridge.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const held = world.simulator.holdings().map(({ sha256 }) => sha256);
  expect(held).toEqual([sent.sha256, unsent.sha256]);
});
