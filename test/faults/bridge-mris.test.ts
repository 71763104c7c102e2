import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { type BridgeWorld, createMrisWorld } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';
import { toCorrectedFile } from '../support/corrected-file.ts';

/** Two meters of one day, in two parts. */
const meters = ['MTR000000001', 'MTR000000002'];
/** How many bridges are on their way to where they are struck, which keeps a processor busy each. */
const lanes = 2;
/** How many runs there are at once: after the strike a run does little but wait for the lease of the dead. */
const maxRuns = 7;
/** Answers of a slow machine are waited for, so that each bridge comes by the same points. */
const settings = { leaseSeconds: 4, uploadDeadlineSeconds: 2, requestTimeoutSeconds: 10, pollSeconds: 0.1 };
/** How often a bridge that came by fewer points, because an answer was early or late, is tried anew. */
const maxTries = 3;

/** The n-th time that a bridge comes by the point of that name. */
interface StrikePoint {
  readonly at: string;
  readonly nth: number;
}

interface Run {
  /** Resolves when the first bridge was struck, or everything has ended without. */
  readonly isOver: Promise<unknown>;
  /** The points that the first bridge came by, and whether it was struck; when everything has ended as it should. */
  readonly ended: Promise<{ points: StrikePoint[]; isStruck: boolean }>;
}

/**
 * A posting and its repost, the answer about the second batch lost, so that it is looked for by a retrieve, too; one
 * bridge that is struck at a point, another that goes on.
 */
async function startRun(point: StrikePoint | undefined): Promise<Run> {
  const world = await createMrisWorld([{ fault: 'cut-after-accept', kind: 'submit', times: 1, after: 1 }]);
  await world.map(meters);
  const struck = world.startBridge({ settings, ...(point && { strike: { ...point, signal: 'SIGKILL' } }) });
  const goneOn = struck.exited.then(async ({ signal }) => {
    if (signal === 'SIGKILL') await world.runBridge(settings);
    return signal;
  });
  const ended = bringBothToEnd(world)
    .then(async () => {
      // One that was not struck is still there.
      struck.child.kill('SIGTERM');
      const isStruck = (await goneOn) === 'SIGKILL';
      expect((await world.listForwardings()).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
      expect(world.mris.holdings()).toHaveLength(3);
      await world.expectOnceEach();
      return { points: toPoints(struck.stdout), isStruck };
    })
    .finally(() => world.close());
  return { isOver: Promise.race([struck.exited, ended]), ended };
}

async function bringBothToEnd(world: BridgeWorld): Promise<void> {
  const posting = await world.post(toCmepFile(6_000, 1));
  await bringToEnd(world);
  await world.post(toCorrectedFile(), { corrects: posting.transaction });
  await bringToEnd(world);
}

function toPoints(stdout: readonly string[]): StrikePoint[] {
  const names = stdout.flatMap((line) => (JSON.parse(line) as { name?: string }).name ?? []);
  return names.map((at, index) => ({
    at,
    nth: names.slice(0, index + 1).filter((n) => n === at).length,
  }));
}

/**
 * A run for each point.
 *
 * @returns the points that a bridge did not come by
 */
async function strikeAll(points: readonly StrikePoint[], failed: unknown[]): Promise<StrikePoint[]> {
  const left = [...points];
  const missed: StrikePoint[] = [];
  const ending = new Set<Promise<void>>();
  const runLane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const point = next;
      while (ending.size >= maxRuns) await Promise.race(ending);
      const { isOver, ended } = await startRun(point);
      const settled = ended.then(
        ({ isStruck }) => void (isStruck || missed.push(point)),
        (error: unknown) => void failed.push({ ...point, error }),
      );
      ending.add(settled);
      settled.finally(() => ending.delete(settled));
      await Promise.race([isOver, settled]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  await Promise.all(ending);
  return missed;
}

test('killed before and after every act: every batch arrives exactly once', {
  timeout: 900_000,
}, async () => {
  const { points } = await (await startRun(undefined)).ended;
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
  const failed: unknown[] = [];
  let left = points;
  for (let tried = 1; left.length > 0 && tried <= maxTries; tried += 1) left = await strikeAll(left, failed);
  const names = points.map(({ at, nth }) => `${at} ${nth}`).join(', ');
  console.info(`a bridge was killed in ${points.length} runs, once at each of: ${names}`);
  expect(failed).toEqual([]);
  expect(left, 'what no bridge came by').toEqual([]);
});
