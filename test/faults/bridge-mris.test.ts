import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createMrisWorld, type StartBridge } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';
import { toCorrectedFile } from '../support/corrected-file.ts';

/** Two meters of one day, in two parts. */
const meters = ['MTR000000001', 'MTR000000002'];
const lanes = 4;

/** A posting and its repost; one bridge that is struck at a point, another that goes on. Gives the points come by. */
async function runStruck(strike: StartBridge['strike']): Promise<string[]> {
  const world = await createMrisWorld();
  await world.map(meters);
  const struck = world.startBridge(strike && { strike });
  const goneOn = struck.exited.then(async ({ signal }) => {
    if (signal === 'SIGKILL') await world.runBridge();
  });
  const posting = await world.post(toCmepFile(6_000, 1));
  await bringToEnd(world);
  await world.post(toCorrectedFile(), { corrects: posting.transaction });
  await bringToEnd(world);
  if (strike === undefined) await struck.kill('SIGTERM');
  expect((await struck.exited).signal).toBe(strike === undefined ? null : 'SIGKILL');
  await goneOn;
  expect((await world.listForwardings()).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  expect(world.mris.holdings()).toHaveLength(3);
  await world.expectOnceEach();
  return struck.stdout.flatMap((line) => (JSON.parse(line) as { point?: number; name?: string }).name ?? []);
}

test('killed before and after every act: every batch arrives exactly once', {
  timeout: 400_000,
}, async () => {
  const points = await runStruck(undefined);
  expect(points.filter((name) => name === 'before submitMeterData')).toHaveLength(3);
  const left = points.map((name, index) => ({ point: index + 1, name }));
  const total = left.length;
  const failed: unknown[] = [];
  const runLane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { point, name } = next;
      await runStruck({ at: point, signal: 'SIGKILL' }).catch((error: unknown) =>
        failed.push({ point, name, error }),
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  console.info(`a bridge was killed in ${total} runs, once at each of: ${points.join(', ')}`);
  expect(failed).toEqual([]);
});
