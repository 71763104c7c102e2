import { expect } from 'vitest';
import type { BridgeWorld, StartBridge } from './bridge-world.ts';
import type { StartedProcess } from './process.ts';

/** To how many accounts the postings go. */
export const accounts = 10;

/** The account that the n-th posting goes to. */
export function toAccountOf(world: BridgeWorld, number: number): string {
  return world.accounts[number % world.accounts.length] ?? '';
}

interface Work {
  /** The act that sends. */
  readonly act: 'upload' | 'submitMeterData';
  /** How many postings two bridges share. */
  readonly postings: number;
  /** Posts them; they become due at once. */
  readonly postAll: (world: BridgeWorld) => Promise<void>;
}

/** How often everything is looked at: there is much of it. */
const lookMs = 1_000;
const endMs = 240_000;
const startMs = 60_000;
/** In which of its sendings a bridge is stopped: chance shares the work, and may leave a bridge little more than this. */
const stoppedAt = 10;

/**
 * Two bridges that are both there when the work comes send everything, each part once, and both have their share.
 */
export async function expectPairToShare(world: BridgeWorld, { act, postings, postAll }: Work): Promise<void> {
  const pair = await startPair(world, {});
  const began = performance.now();
  await postAll(world);
  await world.waitUntilAll(({ state }) => state === 'accepted', endMs, lookMs);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  await Promise.all(pair.map((bridge) => bridge.kill('SIGTERM')));
  const [first, second] = pair.map((bridge) => countSent(bridge, act));
  console.info(
    `${postings} postings to ${accounts} accounts in ${seconds} s: two bridges sent ${first} and ${second}`,
  );
  expect(first).toBeGreaterThan(0);
  expect(second).toBeGreaterThan(0);
  await world.expectOnceEach();
}

/**
 * Two bridges share the work until one is stopped after a file was handed over, while its answer is awaited. It is
 * resumed when the other has done all that was left, what the stopped one had begun, too: each part is there once.
 */
export async function expectPairToSurviveStop(
  world: BridgeWorld,
  { act, postings, postAll }: Work,
): Promise<void> {
  const during = `during ${act}`;
  const [stopped, other] = await startPair(world, {
    strike: { at: during, nth: stoppedAt, signal: 'SIGSTOP' },
  });
  const began = performance.now();
  await postAll(world);
  await world.waitUntilAll(({ state }) => state === 'accepted', endMs, lookMs);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  expect(stopped.stdout.filter((line) => line.includes(during))).toHaveLength(stoppedAt);

  stopped.child.kill('SIGCONT');
  const failed = await stopped.waitForRecord(({ level }) => level === 'error', startMs);
  expect(failed.err).toContain('no longer holds its lease');
  await Promise.all([stopped, other].map((bridge) => bridge.kill('SIGTERM')));
  console.info(
    `${postings} postings in ${seconds} s: one bridge was stopped in the last of ${stoppedAt}, ` +
      `the other sent ${countSent(other, act)}`,
  );
  await world.expectOnceEach();
}

async function startPair(world: BridgeWorld, first: StartBridge): Promise<[StartedProcess, StartedProcess]> {
  const pair: [StartedProcess, StartedProcess] = [world.startBridge(first), world.startBridge()];
  await Promise.all(pair.map((bridge) => bridge.waitForRecord(({ ready }) => ready === true, startMs)));
  return pair;
}

function countSent(bridge: StartedProcess, act: string): number {
  return bridge.stdout.filter((line) => line.includes(`"during ${act}"`)).length;
}
