import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type MrisFaultInput, mrisFaults } from '../../bridge/simulator/mris/faults.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { type BridgeWorld, createMrisWorld } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';

interface Entry extends MrisFaultInput {
  /** A second fault, where the first shows only together with it. */
  readonly also?: MrisFaultInput;
  readonly settings?: object;
  /** How the forwarding ends; accepted unless said. */
  readonly ends?: string;
  /** The words of the ISO after which the account waits longer than a test does. */
  readonly waits?: RegExp;
}

/** After it only a retrieve can tell. */
const also: MrisFaultInput = { fault: 'cut-after-accept', kind: 'submit', times: 1 };
const once = { times: 1 };
const policy = /acceptable use policy/;

const menu: readonly Entry[] = [
  { fault: 'wrong-certificate', kind: 'connection', ...once },
  { fault: 'cut-before-accept', kind: 'submit', ...once },
  { fault: 'cut-before-accept', kind: 'status', ...once },
  { fault: 'cut-before-accept', kind: 'retrieve', ...once, also },
  { fault: 'cut-after-accept', kind: 'submit', ...once },
  { fault: 'cut-after-accept', kind: 'status', ...once },
  { fault: 'cut-after-accept', kind: 'retrieve', ...once, also },
  { fault: 'lost-answer', kind: 'submit', ...once },
  { fault: 'lost-answer', kind: 'status', ...once },
  { fault: 'lost-answer', kind: 'retrieve', ...once, also },
  { fault: 'slow', kind: 'submit', ...once, delayMs: 300 },
  { fault: 'slow', kind: 'retrieve', ...once, delayMs: 300, also },
  { fault: 'late-accept', kind: 'submit', ...once, delayMs: 1_100, settings: { reconcileMarginSeconds: 1 } },
  { fault: 'maintenance', kind: 'submit', ...once },
  { fault: 'maintenance', kind: 'status', ...once },
  { fault: 'maintenance', kind: 'retrieve', ...once, also },
  { fault: 'busy', kind: 'submit', ...once, waits: /no longer be under way/ },
  { fault: 'busy', kind: 'status', ...once, waits: /^HTTP 503/ },
  { fault: 'busy', kind: 'retrieve', ...once, also, waits: /^HTTP 503/ },
  { fault: 'forbidden', kind: 'submit', ...once },
  { fault: 'forbidden', kind: 'status', ...once },
  { fault: 'forbidden', kind: 'retrieve', ...once, also },
  { fault: 'not-found', kind: 'submit', ...once },
  { fault: 'not-found', kind: 'retrieve', ...once, also },
  { fault: 'policy-429', kind: 'submit', ...once, waits: policy },
  { fault: 'policy-429', kind: 'status', ...once, waits: policy },
  { fault: 'policy-429', kind: 'retrieve', ...once, also, waits: policy },
  { fault: 'policy-200', kind: 'submit', ...once, waits: policy },
  { fault: 'policy-200', kind: 'retrieve', ...once, also, waits: policy },
  { fault: 'policy-fault', kind: 'submit', ...once, waits: policy },
  { fault: 'policy-fault', kind: 'retrieve', ...once, also, waits: policy },
  { fault: 'error-document', kind: 'submit', ...once },
  { fault: 'error-document', kind: 'status', ...once },
  { fault: 'error-document', kind: 'retrieve', ...once, also },
  { fault: 'bare-fault', kind: 'submit', ...once },
  { fault: 'bare-fault', kind: 'status', ...once },
  { fault: 'bare-fault', kind: 'retrieve', ...once, also },
  { fault: 'unknown-page', kind: 'submit', ...once },
  { fault: 'unknown-page', kind: 'status', ...once },
  { fault: 'unknown-page', kind: 'retrieve', ...once, also },
  { fault: 'wrong-hash', kind: 'status', ...once },
  { fault: 'wrong-hash', kind: 'retrieve', ...once, also },
  { fault: 'cut-attachment', kind: 'status', ...once },
  { fault: 'cut-attachment', kind: 'retrieve', ...once, also },
  { fault: 'duplicate-rows', kind: 'retrieve', ...once, also },
  { fault: 'soap-env-prefix', kind: 'submit', ...once },
  { fault: 'output-2006', kind: 'submit', ...once },
  { fault: 'validation-error', kind: 'submit', ...once, ends: 'rejected' },
  {
    fault: 'hour-long-validation',
    kind: 'submit',
    ...once,
    settings: { overdueSeconds: 1 },
    ends: 'following',
  },
];

test('the menu has every fault of the simulator', () => {
  expect(new Set(menu.map(({ fault }) => fault))).toEqual(new Set(Object.keys(mrisFaults)));
});

test.concurrent.for(menu)(
  '$fault at $kind: every batch arrives exactly once',
  { timeout: 120_000 },
  async ({ also: second, ends = 'accepted', waits, settings, ...fault }) => {
    const world = await createMrisWorld(second === undefined ? [fault] : [fault, second]);
    await world.map(['MTR000000001', 'MTR000000002']);
    await world.post(toCmepFile(6_000, 1));
    // What the ISO says must be read in time, however slow the machine is.
    const patient = waits && { leaseSeconds: 20, uploadDeadlineSeconds: 10 };
    const end = await world.runBridge({ ...settings, ...patient });
    if (waits !== undefined) {
      await expectToWait(world, waits);
      await end();
      await hurry(world);
      await world.runBridge(settings);
    }
    if (ends === 'following')
      await world.waitUntilAll(({ reason }) => reason.startsWith('overdue at the ISO'));
    else await bringToEnd(world);
    expect((await world.listForwardings()).map(({ state }) => state)).toEqual([ends]);
    await world.expectOnceEach();
  },
);

/** What the ISO asked to wait is on record: more than 25 of the 30 or 120 seconds. */
async function expectToWait(world: BridgeWorld, words: RegExp): Promise<void> {
  await world.waitUntilAll(({ reason, dueAt }) => words.test(reason) && (dueAt ?? 0) > Date.now() + 25_000);
}

/** The time has come, as far as the store tells. */
async function hurry({ store, storage, listForwardings }: BridgeWorld): Promise<void> {
  const { forwardings } = store.catalogue;
  const database = new Database(storage.databaseFile);
  database.prepare('UPDATE user_pace SET next_at = ?').run(Date.now());
  database.close();
  for (const { id } of await listForwardings()) {
    await forwardings.retryForwarding(id, Date.now(), 'staff', 'the time has come');
  }
}
