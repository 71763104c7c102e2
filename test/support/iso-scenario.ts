import { expect } from 'vitest';
import type { MrisFaultInput } from '../../bridge/simulator/mris/faults.ts';
import type { OmarFaultInput } from '../../bridge/simulator/omar/faults.ts';
import type { ForwardingState } from '../../storage/model/forwarding.ts';
import type { Posting } from '../../storage/ports/postings.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { type BridgeWorld, createBridgeWorld, createMrisWorld, toOmarCsvFile } from './bridge-world.ts';
import { bringToEnd } from './bring-to-end.ts';
import { toCorrectedFile } from './corrected-file.ts';

/** What every way is tried with: three postings, the first in three parts, and a repost of the first. */
export interface Scenario<Fault> {
  readonly settings: object;
  /** Where the answer about a part is lost, so that it must be looked for. */
  readonly lost: Fault;
  createWorld(faults: readonly Fault[]): Promise<BridgeWorld>;
  /** The second and the third posting. */
  postMore(world: BridgeWorld): Promise<void>;
  /** How the second ends: at OMAR-Online its file is one that the ISO rejects, so that its errors are asked for. */
  readonly secondEnds: ForwardingState;
}

/** Three meters of one day, each in a part of its own; two more for other postings. */
const meters = [1, 2, 3, 4, 5].map((number) => `MTR00000000${number}`);
const threeMeters = 7_000;
const oneMeter = 3_000;
const lost = { fault: 'cut-after-accept', times: 1, after: 2 } as const;

export const omarScenario: Scenario<OmarFaultInput> = {
  settings: { maxPartBytes: 8_000 },
  lost: { ...lost, kind: 'upload' },
  createWorld: (faults) => createBridgeWorld(faults),
  async postMore(world) {
    // Of a time to come.
    const bad = Buffer.from(toOmarCsvFile(9_001)).toString().replace('2025-', '2125-');
    await world.post(Buffer.from(bad), { passThrough: true });
    await world.post(toOmarCsvFile(9_002), { passThrough: true });
  },
  secondEnds: 'rejected',
};

export const mrisScenario: Scenario<MrisFaultInput> = {
  settings: { mris: { maxPartBytes: 20_000 } },
  lost: { ...lost, kind: 'submit' },
  createWorld: (faults) => createMrisWorld(faults),
  async postMore(world) {
    await world.post(toCmepFile(oneMeter, 4));
    await world.post(toCmepFile(oneMeter, 5));
  },
  secondEnds: 'accepted',
};

/** Posts the first three. */
export async function postThree<Fault>(scenario: Scenario<Fault>, world: BridgeWorld): Promise<Posting> {
  await world.map(meters);
  const first = await world.post(toCmepFile(threeMeters, 1));
  await scenario.postMore(world);
  return first;
}

/**
 * Lets the first three come to their end, posts the repost and waits for its end, too. Fails unless each forwarding is
 * where it should be, and everything stands at the ISO once.
 */
export async function endScenario<Fault>(
  { secondEnds }: Scenario<Fault>,
  world: BridgeWorld,
  { transaction }: Posting,
  firstEnds: ForwardingState = 'accepted',
): Promise<void> {
  await bringToEnd(world);
  await world.post(toCorrectedFile(), { corrects: transaction });
  await bringToEnd(world);
  const ended = (await world.listForwardings()).toReversed();
  const others = ended.slice(3).map(() => 'accepted');
  expect(ended.map(({ state }) => state)).toEqual([firstEnds, secondEnds, 'accepted', ...others]);
  expect(ended[0]?.parts).toHaveLength(3);
  await world.expectOnceEach();
}
