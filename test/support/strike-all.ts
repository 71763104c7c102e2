import { expect } from 'vitest';
import type { Catalogue } from '../../storage/ports/catalogue.ts';
import type { BridgeWorld } from './bridge-world.ts';
import { endScenario, postThree, type Scenario } from './iso-scenario.ts';
import { toWritingActs } from './writing-acts.ts';

/** How many bridges are on their way to where they are struck, which keeps a processor busy each. */
const lanes = 2;
/** How many runs there are at once: after the strike a run does little but wait for the lease of the dead. */
const maxRuns = 7;
/** Answers of a slow machine are waited for, so that each bridge comes by the same points. */
const patient = { leaseSeconds: 4, uploadDeadlineSeconds: 2, requestTimeoutSeconds: 10, pollSeconds: 0.1 };
/** How often a bridge that came by fewer points, because an answer was early or late, is tried anew. */
const maxTries = 3;

/** The n-th time that a bridge comes by the point of that name. */
interface StrikePoint {
  readonly at: string;
  readonly nth: number;
}

interface Run {
  /** Resolves when the first bridge is gone: struck, or after everything has ended without. */
  readonly isOver: Promise<unknown>;
  /** The points that the first bridge came by, and whether it was struck; when everything has ended as it should. */
  readonly ended: Promise<{ points: StrikePoint[]; isStruck: boolean }>;
}

interface Strikes<Fault> {
  /** What goes wrong besides, so that the bridge comes by every act. */
  readonly faults: readonly Fault[];
  /** What is done at the ISO. */
  readonly remoteActs: readonly string[];
}

/** They change no history: each is struck once behind each different act that does, in place of every time. */
const quietActs = /(claimForwarding|takeLease|releaseLease)$/;

/** They are done by the clock, so how often a bridge comes by them says nothing: each is struck the first time. */
const timedActs = /(renewLease|heartbeat)$/;

/** What of the forwardings only staff do, through the server. */
const actsOfStaff = ['breakLease', 'releaseStop', 'setHold', 'retryForwarding', 'closeForwarding'];

/** Runs the scenario once for every point that a bridge comes by: it is killed there, and another goes on. */
export async function strikeEverywhere<Fault>(
  scenario: Scenario<Fault>,
  { faults, remoteActs }: Strikes<Fault>,
): Promise<void> {
  const startRun = async (point: StrikePoint | undefined): Promise<Run> => {
    const world = await scenario.createWorld([scenario.lost, ...faults]);
    return strike(scenario, world, point);
  };
  const world = await scenario.createWorld([scenario.lost, ...faults]);
  const expected = toExpectedActs(world.store.catalogue, remoteActs);
  const { points: all } = await (await strike(scenario, world, undefined)).ended;
  const came = new Set(all.map(({ at }) => at));
  expect(expected.flatMap((act) => [`before ${act}`, `after ${act}`]).filter((at) => !came.has(at))).toEqual(
    [],
  );
  const points = withoutRepeats(all);
  const failed: unknown[] = [];
  let left: readonly StrikePoint[] = points;
  for (let tried = 1; left.length > 0 && tried <= maxTries; tried += 1)
    left = await strikeAll(left, startRun, failed);
  const names = points.map(({ at, nth }) => `${at} ${nth}`).join(', ');
  console.info(`a bridge was killed in ${points.length} runs, once at each of: ${names}`);
  expect(failed).toEqual([]);
  expect(left, 'what no bridge came by').toEqual([]);
}

/** Everything at the ISO, each method of the ports that writes, and files that are made durable. */
function toExpectedActs(catalogue: Catalogue, remoteActs: readonly string[]): string[] {
  const { forwardings, instances, reconciliation, retrievePaces } = catalogue;
  const ports = remoteActs.includes('walk') ? [reconciliation] : [retrievePaces];
  const writing = [forwardings, instances, ...ports].flatMap(toWritingActs);
  return [...remoteActs, ...writing.filter((act) => !actsOfStaff.includes(act)), 'finish'];
}

async function strike<Fault>(
  scenario: Scenario<Fault>,
  world: BridgeWorld,
  point: StrikePoint | undefined,
): Promise<Run> {
  const settings = { ...scenario.settings, ...patient };
  const struck = world.startBridge({ settings, ...(point && { strike: { ...point, signal: 'SIGKILL' } }) });
  let hasEnded = false;
  const goneOn = struck.exited.then(async ({ signal }) => {
    if (signal === 'SIGKILL' && !hasEnded) await world.runBridge(settings);
    return signal;
  });
  const ended = postThree(scenario, world)
    .then((first) => endScenario(scenario, world, first))
    .finally(() => {
      hasEnded = true;
      // One that was not struck is still there.
      struck.child.kill('SIGTERM');
    })
    .then(async () => ({ points: toPoints(struck.stdout), isStruck: (await goneOn) === 'SIGKILL' }))
    .finally(() => world.close());
  return { isOver: struck.exited, ended };
}

function toPoints(stdout: readonly string[]): StrikePoint[] {
  const names = stdout.flatMap((line) => (JSON.parse(line) as { name?: string }).name ?? []);
  const counts = new Map<string, number>();
  return names.map((at) => {
    const nth = (counts.get(at) ?? 0) + 1;
    counts.set(at, nth);
    return { at, nth };
  });
}

function withoutRepeats(points: readonly StrikePoint[]): StrikePoint[] {
  const seen = new Set<string>();
  let behind = '';
  return points.filter(({ at, nth }) => {
    if (timedActs.test(at)) return nth === 1;
    if (!quietActs.test(at)) {
      behind = at;
      return true;
    }
    const place = `${at} behind ${behind}`;
    const isNew = !seen.has(place);
    seen.add(place);
    return isNew;
  });
}

/**
 * A run for each point.
 *
 * @returns the points that a bridge did not come by
 */
async function strikeAll(
  points: readonly StrikePoint[],
  startRun: (point: StrikePoint) => Promise<Run>,
  failed: unknown[],
): Promise<StrikePoint[]> {
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
