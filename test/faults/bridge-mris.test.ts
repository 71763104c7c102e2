import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createMrisWorld } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';
import { toCorrectedFile } from '../support/corrected-file.ts';

/** Two meters of one day, in two parts. */
const meters = ['MTR000000001', 'MTR000000002'];
const lanes = 4;
/** Answers of a slow machine are waited for, so that each bridge comes by the same points. */
const settings = { leaseSeconds: 4, uploadDeadlineSeconds: 2 };
/** How often a bridge that came by fewer points, because an answer was early or late, is tried anew. */
const maxTries = 3;

/** The n-th time that a bridge comes by the point of that name. */
interface StrikePoint {
  readonly at: string;
  readonly nth: number;
}

/**
 * A posting and its repost, the answer about the second batch lost, so that it is looked for by a retrieve, too; one
 * bridge that is struck at a point, another that goes on.
 *
 * @returns the points that the first came by, and whether it was struck
 */
async function runStruck(
  point: StrikePoint | undefined,
): Promise<{ points: StrikePoint[]; isStruck: boolean }> {
  const world = await createMrisWorld([{ fault: 'cut-after-accept', kind: 'submit', times: 1, after: 1 }]);
  await world.map(meters);
  const struck = world.startBridge({ settings, ...(point && { strike: { ...point, signal: 'SIGKILL' } }) });
  const goneOn = struck.exited.then(async ({ signal }) => {
    if (signal === 'SIGKILL') await world.runBridge(settings);
    return signal;
  });
  const posting = await world.post(toCmepFile(6_000, 1));
  await bringToEnd(world);
  await world.post(toCorrectedFile(), { corrects: posting.transaction });
  await bringToEnd(world);
  // One that was not struck is still there.
  struck.child.kill('SIGTERM');
  const isStruck = (await goneOn) === 'SIGKILL';
  expect((await world.listForwardings()).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  expect(world.mris.holdings()).toHaveLength(3);
  await world.expectOnceEach();
  const names = struck.stdout.flatMap((line) => (JSON.parse(line) as { name?: string }).name ?? []);
  const points = names.map((at, index) => ({
    at,
    nth: names.slice(0, index + 1).filter((n) => n === at).length,
  }));
  return { points, isStruck };
}

async function strike(point: StrikePoint): Promise<void> {
  for (let tried = 1; tried <= maxTries; tried += 1) {
    const { isStruck } = await runStruck(point);
    if (isStruck) return;
  }
  throw new Error('the bridge did not come by it');
}

test('killed before and after every act: every batch arrives exactly once', {
  timeout: 900_000,
}, async () => {
  const { points } = await runStruck(undefined);
  const acts = [
    'submitMeterData',
    'batchStatus',
    'retrieveMeterData',
    'takeRetrieve',
    'settleRetrieve',
    'recordIntent',
  ];
  for (const act of [...acts, 'recordParts', 'recordOutcome', 'moveForwarding', 'finish']) {
    expect(points.map(({ at }) => at)).toContain(`before ${act}`);
  }
  const left = [...points];
  const failed: unknown[] = [];
  const runLane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const point = next;
      await strike(point).catch((error: unknown) => failed.push({ ...point, error }));
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  const names = points.map(({ at, nth }) => `${at} ${nth}`).join(', ');
  console.info(`a bridge was killed in ${points.length} runs, once at each of: ${names}`);
  expect(failed).toEqual([]);
});
