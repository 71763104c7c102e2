import { expect, test } from 'vitest';
import type { OmarFaultInput } from '../../bridge/simulator/omar/faults.ts';
import { type BridgeWorld, createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';

const always = { kind: 'status', times: 10_000 } as const;
const prefixed: OmarFaultInput = { fault: 'prefix-names', ...always };
const cutAt = (length?: number): OmarFaultInput => ({
  ...{ fault: 'truncate-names', ...always },
  ...(length !== undefined && { length }),
});

interface Listing {
  readonly title: string;
  readonly names: readonly OmarFaultInput[];
  /** How a file that was looked for is listed, as the history of its forwarding tells. */
  readonly shown: RegExp;
}

/** The keys here have nine characters (`1-1-1-k3f`), so that a name of sixteen with the file id before it has it whole. */
const told: readonly Listing[] = [
  { title: 'with the file id before them', names: [prefixed], shown: /list as \d{6}_\w-1-1-\w{3}\.csv"/ },
  { title: 'cut at 40 characters', names: [cutAt()], shown: /list as \w-1-1-\w{3}\.csv"/ },
  { title: 'cut after the key', names: [cutAt(9)], shown: /list as \w-1-1-\w{3}"/ },
  {
    title: 'with the file id, cut at 40 characters',
    names: [prefixed, cutAt()],
    shown: /list as \d{6}_\w-1-1-\w{3}\.csv"/,
  },
  {
    title: 'with the file id, cut after the key',
    names: [prefixed, cutAt(16)],
    shown: /list as \d{6}_\w-1-1-\w{3}"/,
  },
];

/** Where the key itself is cut nothing can be concluded, least of all that a file is not there. */
const untold: readonly Listing[] = [
  { title: 'cut in the digest', names: [cutAt(8)], shown: /lists \w-1-1-\w\w \(/ },
  { title: 'cut before the attempt', names: [cutAt(4)], shown: /lists \w-1- \(/ },
  { title: 'cut before the part', names: [cutAt(2)], shown: /lists \w- \(/ },
  { title: 'cut to the transaction', names: [cutAt(1)], shown: /lists \w \(/ },
  { title: 'with the file id and nothing else', names: [prefixed, cutAt(7)], shown: /lists \d{6}_ \(/ },
];

/** Four postings; the answers about the first and the third are lost, so that they are looked for in the list. */
async function runLost({ names, shown }: Listing): Promise<BridgeWorld> {
  const lost: OmarFaultInput = { fault: 'lost-answer', kind: 'upload', times: 1 };
  const world = await createBridgeWorld([lost, { ...lost, after: 2 }, ...names]);
  for (const number of [1, 2, 3, 4]) await world.post(toOmarCsvFile(number), { passThrough: true });
  await world.runBridge();
  await bringToEnd(world);
  const { forwardings } = world.store.catalogue;
  const all = await Promise.all(
    (await world.listForwardings()).map(({ id }) => forwardings.findForwarding(id)),
  );
  expect(JSON.stringify(all.map((each) => each?.history))).toMatch(shown);
  return world;
}

test.concurrent.for(told)(
  'names $title: what was lost is found, once each',
  { timeout: 60_000 },
  async (listing) => {
    const world = await runLost(listing);
    const forwardings = await world.listForwardings();
    expect(new Set(forwardings.map(({ state }) => state))).toEqual(new Set(['accepted']));
    await world.expectOnceEach();
  },
);

test.concurrent.for(untold)(
  'names $title: a person decides, nothing is sent twice',
  { timeout: 60_000 },
  async (listing) => {
    const world = await runLost(listing);
    const forwardings = await world.listForwardings();
    expect(new Set(forwardings.map(({ state }) => state))).toEqual(new Set(['person']));
    await world.expectOnceEach();
  },
);
