import { expect, test } from 'vitest';
import { type BridgeWorld, createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import {
  accounts,
  expectPairToShare,
  expectPairToSurviveStop,
  toAccountOf,
} from '../support/pair-of-bridges.ts';

const postings = 500;

/** Each of its own account in turn; small, and no two the same. */
async function postAll(world: BridgeWorld): Promise<void> {
  for (let number = 1; number <= postings; number += 1) {
    await world.post(toOmarCsvFile(number), { passThrough: true, account: toAccountOf(world, number) });
  }
}

test(`two bridges on one store send each of ${postings} files once`, { timeout: 300_000 }, async () => {
  const world = await createBridgeWorld([], { accounts });
  await expectPairToShare(world, { act: 'upload', postings, postAll });
  expect(world.simulator.holdings()).toHaveLength(postings);
  await world.close();
});

test(`${postings} files, one bridge stopped in the middle of an upload and resumed after its lease: each once`, {
  timeout: 300_000,
}, async () => {
  const world = await createBridgeWorld([], { accounts });
  await expectPairToSurviveStop(world, { act: 'upload', postings, postAll });
  expect(world.simulator.holdings()).toHaveLength(postings);
  await world.close();
});
