import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { type BridgeWorld, createMrisWorld } from '../support/bridge-world.ts';
import {
  accounts,
  expectPairToShare,
  expectPairToSurviveStop,
  toAccountOf,
} from '../support/pair-of-bridges.ts';

const nameOf = (number: number) => `MTR${String(number).padStart(9, '0')}`;

/** Fewer than at OMAR-Online: a batch is signed, packed and verified on both sides, 0.2 seconds of a processor in all. */
const postings = 150;

/** A meter a posting, each mapped to an account in turn. */
async function postAll(world: BridgeWorld): Promise<void> {
  const numbers = Array.from({ length: postings }, (_, at) => at + 1);
  await world.map(numbers.map((number) => ({ meter: nameOf(number), account: toAccountOf(world, number) })));
  for (const number of numbers) await world.post(toCmepFile(3_000, number));
}

test(`two bridges on one store send each of ${postings} batches once`, { timeout: 300_000 }, async () => {
  const world = await createMrisWorld([], { accounts });
  await expectPairToShare(world, { act: 'submitMeterData', postings, postAll });
  expect(world.mris.holdings()).toHaveLength(postings);
  await world.close();
});

test(`${postings} batches, one bridge stopped in the middle of a submit and resumed after its lease: each once`, {
  timeout: 300_000,
}, async () => {
  const world = await createMrisWorld([], { accounts });
  await expectPairToSurviveStop(world, { act: 'submitMeterData', postings, postAll });
  expect(world.mris.holdings()).toHaveLength(postings);
  await world.close();
});
