import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createBridgeWorld, type StartBridge } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';

const meters = ['MTR000000001', 'MTR000000002'];
/** Two meters of one day, in two parts. */
const settings = { maxPartBytes: 8_000 };
const lanes = 4;

/** One posting, one bridge that is struck at a point, another that goes on; gives the points the first came by. */
async function runStruck(strike: StartBridge['strike']): Promise<string[]> {
  const world = await createBridgeWorld();
  await world.map(meters);
  await world.post(toCmepFile(6_000, 1));
  const struck = world.startBridge({ settings, ...(strike && { strike }) });
  if (strike === undefined) {
    await bringToEnd(world);
    await struck.kill('SIGTERM');
  } else {
    expect(await struck.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await world.runBridge(settings);
    await bringToEnd(world);
  }
  expect((await world.listForwardings()).map(({ state }) => state)).not.toContain('person');
  await world.waitUntilAll(({ state }) => state === 'accepted');
  await world.expectOnceEach();
  return struck.stdout.flatMap((line) => (JSON.parse(line) as { point?: number; name?: string }).name ?? []);
}

test('killed before and after every act: every part arrives exactly once', { timeout: 240_000 }, async () => {
  const points = await runStruck(undefined);
  expect(points.filter((name) => name === 'before upload')).toHaveLength(2);
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
