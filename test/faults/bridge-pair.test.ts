import { expect, test } from 'vitest';
import { createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';

test('a bridge that was stopped before an upload and resumed after its lease sends nothing', async () => {
  const world = await createBridgeWorld();
  await world.post(toOmarCsvFile(1), { passThrough: true });
  const stopped = world.startBridge({ strike: { at: 'before upload', signal: 'SIGSTOP' } });
  await stopped.waitForRecord(({ name }) => name === 'before upload');

  await world.runBridge();
  await world.waitUntilAll(({ reason }) => reason.includes('no file is known that was sent later'));
  await world.post(toOmarCsvFile(2), { passThrough: true });
  await world.waitUntilAll(({ state }) => state === 'accepted');
  expect(world.simulator.holdings().map(({ name }) => name.slice(0, 5))).toEqual(['2-1-1', '1-1-2']);

  stopped.child.kill('SIGCONT');
  await stopped.waitForRecord(({ name }) => name === 'after upload');
  const failed = await stopped.waitForRecord(({ level }) => level === 'error');
  expect(failed.err).toContain('no longer holds its lease');
  await stopped.kill('SIGTERM');
  await world.expectOnceEach();
});

test('an absence that nothing proves is given to a person, who sees why', async () => {
  const world = await createBridgeWorld([{ fault: 'cut-before-accept', kind: 'upload', times: 1 }]);
  await world.post(toOmarCsvFile(1), { passThrough: true });
  await world.runBridge({ sentinelWaitSeconds: 0 });
  await world.waitUntilAll(({ state }) => state === 'person');
  const [{ id, reason } = { id: 0, reason: '' }] = await world.listForwardings();
  expect(reason).toMatch(/1-1-1-\w{3}\.csv is not in the ISO's list.*its absence is not proved/);
  expect(world.simulator.holdings()).toEqual([]);

  await world.post(toOmarCsvFile(2), { passThrough: true });
  await world.waitUntilAll(({ state }) => state === 'accepted' || state === 'person');
  const { forwardings } = world.store.catalogue;
  await forwardings.retryForwarding(id, Date.now(), 'staff', 'a later file is there');
  await world.waitUntilAll(({ state }) => state === 'accepted');
  await world.expectOnceEach();
});
