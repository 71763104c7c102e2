import { expect, test } from 'vitest';
import { type OmarFaultInput, omarFaults } from '../../bridge/simulator/omar/faults.ts';
import { validationTexts } from '../../bridge/simulator/validation-texts.ts';
import type { ForwardingState } from '../../storage/model/forwarding.ts';
import { type BridgeWorld, createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';
import { endScenario, omarScenario, postThree } from '../support/iso-scenario.ts';
import { expectToWait, hurry } from '../support/waiting.ts';

interface Entry extends OmarFaultInput {
  readonly settings?: object;
  /** How the first forwarding ends; accepted unless said. */
  readonly ends?: ForwardingState;
  /** The words of the ISO after which the account waits longer than a test does. */
  readonly waits?: RegExp;
}

type Kind = OmarFaultInput['kind'];

const pages: readonly Kind[] = ['session', 'upload', 'status', 'errors'];
const lists: readonly Kind[] = ['status', 'errors'];
/** The margin is longer than the delay of what is accepted late. */
const late = { delayMs: 1_100, settings: { reconcileMarginSeconds: 1 } };

/** The same fault at requests of several kinds. */
function at(kinds: readonly Kind[], fault: OmarFaultInput['fault'], over: Partial<Entry> = {}): Entry[] {
  return kinds.map((kind) => ({ fault, kind, times: 1, ...over }));
}

const menu: readonly Entry[] = [
  ...at(pages, 'cut-before-accept'),
  ...at(pages, 'cut-after-accept'),
  ...at(pages, 'lost-answer'),
  ...at(['upload', 'errors'], 'session-death'),
  ...at(['status'], 'session-death', { times: 2 }),
  ...at(pages, 'slow', { delayMs: 300 }),
  ...at(pages, 'late-accept', late),
  ...at(['connection'], 'wrong-certificate'),
  ...at(['connection'], 'wrong-certificate', { after: 4, times: 3 }),
  ...at(pages, 'maintenance'),
  ...at(['session', 'status'], 'busy', { waits: /HTTP 503/ }),
  ...at(['upload'], 'busy', { waits: /no longer be under way/ }),
  ...at(['errors'], 'busy'),
  ...at(pages, 'forbidden'),
  ...at(pages, 'not-found'),
  ...at(pages, 'policy-429'),
  ...at(pages, 'policy-200'),
  ...at(['upload', 'status'], 'damaged-html', { times: 2 }),
  ...at(['errors'], 'damaged-html'),
  ...at(['upload', ...lists], 'new-layout'),
  ...at(lists, 'duplicate-rows'),
  ...at(pages, 'unknown-page'),
  ...at(['status'], 'prefix-names', { times: 10_000 }),
  ...at(['status'], 'truncate-names', { times: 10_000 }),
  ...at(['upload'], 'upload-error'),
  ...at(['upload'], 'validation-error', { ends: 'rejected' }),
  ...Object.keys(validationTexts).flatMap((code) =>
    at(['upload'], 'validation-failed', { code: Number(code), ends: 'rejected' }),
  ),
  ...at(['upload'], 'hour-long-validation', { settings: { overdueSeconds: 1 }, ends: 'following' }),
];

test('the menu has every fault of the simulator', () => {
  // What befalls downloads, no part of a forwarding, is in test/bridge/omar/download.test.ts.
  const befallsParts = Object.entries(omarFaults).flatMap(([fault, [kind]]) =>
    kind === 'download' ? [] : fault,
  );
  expect(new Set<string>(menu.map(({ fault }) => fault))).toEqual(new Set(befallsParts));
});

test.concurrent.for(menu)(
  '$fault at $kind: every part arrives exactly once',
  { timeout: 120_000 },
  async ({ ends, waits, settings, ...fault }) => {
    const world = await omarScenario.createWorld([fault, omarScenario.lost]);
    const first = await postThree(omarScenario, world);
    const end = await world.runBridge({ ...omarScenario.settings, ...settings });
    if (waits !== undefined) {
      await expectToWait(world, waits);
      await end();
      await hurry(world);
      await world.runBridge({ ...omarScenario.settings, ...settings });
    }
    if (ends === 'following') {
      await world.waitUntilAll(
        ({ dueAt, reason }) => dueAt === null || reason.startsWith('overdue at the ISO'),
      );
      expect((await world.listForwardings()).map(({ state }) => state)).toEqual([
        'accepted',
        omarScenario.secondEnds,
        'following',
      ]);
      await world.expectOnceEach();
    } else await endScenario(omarScenario, world, first, ends);
    expectBefallen(world);
    await world.close();
  },
);

/** Nothing that was ordered once is still to come. */
function expectBefallen({ simulator }: BridgeWorld): void {
  expect(simulator.faults.armed().filter(({ times }) => times < 1_000)).toEqual([]);
}

/** What befalls the second page of a walk, where a list that is cut short would read as an absence. */
const inTheMiddle: readonly OmarFaultInput['fault'][] = [
  'session-death',
  'cut-before-accept',
  'cut-after-accept',
  'maintenance',
  'busy',
  'policy-200',
  'damaged-html',
  'new-layout',
  'duplicate-rows',
  'unknown-page',
];

test('a walk that is disturbed in its middle proves nothing: every file is there once', {
  timeout: 120_000,
}, async () => {
  const world = await createBridgeWorld();
  const { faults } = world.simulator;
  const held = 26;
  const post = (number: number) => world.post(toOmarCsvFile(1_000 + number), { passThrough: true });
  for (let number = 1; number <= held; number += 1) await post(number);
  await world.runBridge({ uploadDeadlineSeconds: 0.5 });
  await bringToEnd(world);
  for (const [index, fault] of inTheMiddle.entries()) {
    for (const lost of ['cut-after-accept', 'cut-before-accept'] as const) {
      faults.arm({ fault: lost, kind: 'upload', times: 1 });
      faults.arm({ fault, kind: 'status', times: 1, after: 1 });
      await post(held + 2 * index + (lost === 'cut-after-accept' ? 1 : 2));
      if (fault === 'busy') {
        await expectToWait(world, /HTTP 503/);
        await hurry(world);
      }
      await bringToEnd(world);
      expect(faults.armed(), fault).toEqual([]);
    }
  }
  const states = (await world.listForwardings()).map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['accepted']));
  await world.expectOnceEach();
  await world.close();
});
