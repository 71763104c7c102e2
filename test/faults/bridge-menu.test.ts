import { expect, test } from 'vitest';
import type { OmarFaultInput } from '../../bridge/simulator/omar/faults.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createBridgeWorld } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';

interface Entry extends OmarFaultInput {
  readonly settings?: object;
  /** How every forwarding ends; accepted unless said. */
  readonly ends?: string;
}

const menu: readonly Entry[] = [
  { fault: 'cut-after-accept', kind: 'upload', times: 1 },
  { fault: 'cut-before-accept', kind: 'upload', times: 1 },
  { fault: 'lost-answer', kind: 'upload', times: 1 },
  { fault: 'late-accept', kind: 'upload', times: 1, delayMs: 1_100, settings: { reconcileMarginSeconds: 1 } },
  { fault: 'session-death', kind: 'upload', times: 1 },
  { fault: 'session-death', kind: 'status', times: 2 },
  { fault: 'slow', kind: 'upload', times: 1, delayMs: 300 },
  { fault: 'maintenance', kind: 'session', times: 1 },
  { fault: 'maintenance', kind: 'upload', times: 1 },
  { fault: 'maintenance', kind: 'status', times: 1 },
  { fault: 'damaged-html', kind: 'upload', times: 2 },
  { fault: 'damaged-html', kind: 'status', times: 2 },
  { fault: 'unknown-page', kind: 'session', times: 1 },
  { fault: 'unknown-page', kind: 'upload', times: 1 },
  { fault: 'unknown-page', kind: 'status', times: 1 },
  { fault: 'cut-after-accept', kind: 'status', times: 1 },
  { fault: 'upload-error', kind: 'upload', times: 1 },
  { fault: 'validation-error', kind: 'upload', times: 1, ends: 'rejected' },
];

test.concurrent.for(menu)(
  '$fault at $kind: every part arrives exactly once',
  { timeout: 90_000 },
  async ({ ends, settings, ...fault }) => {
    const world = await createBridgeWorld([fault]);
    await world.map(['MTR000000001', 'MTR000000002']);
    await world.post(toCmepFile(6_000, 1));
    await world.runBridge({ maxPartBytes: 8_000, ...settings });
    await bringToEnd(world);
    const states = (await world.listForwardings()).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set([ends ?? 'accepted']));
    await world.expectOnceEach();
  },
);
