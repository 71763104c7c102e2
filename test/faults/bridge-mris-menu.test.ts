import { expect, test } from 'vitest';
import { type MrisFaultInput, mrisFaults } from '../../bridge/simulator/mris/faults.ts';
import { validationTexts } from '../../bridge/simulator/validation-texts.ts';
import type { ForwardingState } from '../../storage/model/forwarding.ts';
import type { BridgeWorld } from '../support/bridge-world.ts';
import { endScenario, mrisScenario, postThree } from '../support/iso-scenario.ts';
import { expectToWait, hurry } from '../support/waiting.ts';

interface Entry extends MrisFaultInput {
  readonly settings?: object;
  /** How the first forwarding ends; accepted unless said. */
  readonly ends?: ForwardingState;
  /** The words of the ISO after which the account waits longer than a test does. */
  readonly waits?: RegExp;
}

type Kind = MrisFaultInput['kind'];

const services: readonly Kind[] = ['submit', 'status', 'retrieve'];
const policy = { waits: /acceptable use policy/ };
/** The margin is longer than the delay of what is accepted late. */
const late = { delayMs: 1_100, settings: { reconcileMarginSeconds: 1 } };

/** The same fault at requests of several kinds. */
function at(kinds: readonly Kind[], fault: MrisFaultInput['fault'], over: Partial<Entry> = {}): Entry[] {
  return kinds.map((kind) => ({ fault, kind, times: 1, ...over }));
}

const menu: readonly Entry[] = [
  ...at(['connection'], 'wrong-certificate'),
  ...at(services, 'cut-before-accept'),
  ...at(services, 'cut-after-accept'),
  ...at(services, 'lost-answer'),
  ...at(services, 'slow', { delayMs: 300 }),
  ...at(services, 'late-accept', late),
  ...at(services, 'maintenance'),
  ...at(['submit'], 'busy', { waits: /no longer be under way/ }),
  ...at(['status', 'retrieve'], 'busy', { waits: /^HTTP 503/ }),
  ...at(services, 'forbidden'),
  ...at(services, 'not-found'),
  ...at(services, 'policy-429', policy),
  ...at(services, 'policy-200', policy),
  ...at(services, 'policy-fault', policy),
  ...at(services, 'error-document'),
  ...at(services, 'bare-fault'),
  ...at(services, 'unknown-page'),
  ...at(['status', 'retrieve'], 'wrong-hash'),
  ...at(['status', 'retrieve'], 'cut-attachment'),
  ...at(['retrieve'], 'duplicate-rows'),
  ...at(services, 'soap-env-prefix'),
  ...at(services, 'output-2006'),
  ...Object.keys(validationTexts).flatMap((code) =>
    at(['submit'], 'validation-error', { code: Number(code), ends: 'rejected' }),
  ),
  ...at(['submit'], 'hour-long-validation', { settings: { overdueSeconds: 1 }, ends: 'following' }),
];

test('the menu has every fault of the simulator', () => {
  expect(new Set(menu.map(({ fault }) => fault))).toEqual(new Set(Object.keys(mrisFaults)));
});

test.concurrent.for(menu)(
  '$fault at $kind: every batch arrives exactly once',
  { timeout: 120_000 },
  async ({ ends, waits, settings = {}, ...fault }) => {
    const world = await mrisScenario.createWorld([fault, mrisScenario.lost]);
    const first = await postThree(mrisScenario, world);
    // What the ISO says must be read in time, however slow the machine is.
    const patient = waits && { leaseSeconds: 20, uploadDeadlineSeconds: 10 };
    const end = await world.runBridge({ ...mrisScenario.settings, ...settings, ...patient });
    if (waits !== undefined) {
      await expectToWait(world, waits);
      await end();
      await hurry(world);
      await world.runBridge({ ...mrisScenario.settings, ...settings });
    }
    if (ends === 'following') {
      await world.waitUntilAll(
        ({ state, reason }) => state === 'accepted' || reason.startsWith('overdue at the ISO'),
      );
      expect((await world.listForwardings()).map(({ state }) => state)).toEqual([
        'accepted',
        'accepted',
        'following',
      ]);
      await world.expectOnceEach();
    } else await endScenario(mrisScenario, world, first, ends);
    expectBefallen(world);
    await world.close();
  },
);

/** Nothing that was ordered is still to come. */
function expectBefallen({ mris }: BridgeWorld): void {
  expect(mris?.faults.armed()).toEqual([]);
}
