import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createMrisWorld } from '../support/bridge-world.ts';

const nameOf = (number: number) => `MTR${String(number).padStart(9, '0')}`;

test('a bridge that was stopped before a submit and resumed after its lease sends nothing', {
  timeout: 60_000,
}, async () => {
  const world = await createMrisWorld();
  await world.map([nameOf(1)]);
  await world.post(toCmepFile(3_000, 1));
  const stopped = world.startBridge({ strike: { at: 'before submitMeterData', signal: 'SIGSTOP' } });
  await stopped.waitForRecord(({ name }) => name === 'before submitMeterData');

  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  expect((await world.listForwardings())[0]?.parts[0]?.submissions).toMatchObject([
    { attempt: 1, state: 'absent' },
    { attempt: 2, state: 'accepted' },
  ]);

  stopped.child.kill('SIGCONT');
  await stopped.waitForRecord(({ name }) => name === 'after submitMeterData');
  const failed = await stopped.waitForRecord(({ level }) => level === 'error');
  expect(failed.err).toContain('no longer holds its lease');
  await stopped.kill('SIGTERM');
  await world.expectOnceEach();
});
