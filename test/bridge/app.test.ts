import { expect, test } from 'vitest';
import { type BridgeDeps, runBridge } from '../../bridge/app.ts';
import { createOmarWay } from '../../bridge/forwarding/omar/create-omar-way.ts';
import type { StepSettings } from '../../bridge/forwarding/step-context.ts';
import type { OmarClient } from '../../bridge/omar/outcomes.ts';
import type { FileKey } from '../../storage/ports/file-store.ts';
import { account, setUpForwardings, toPartText } from '../storage/forwardings/forwarding-setup.ts';
import { settings } from './forwarding/step-setup.ts';

/** Runs the bridge in this process until `isEnough` says so of a record that it logs. */
async function runUntil(
  setup: Awaited<ReturnType<typeof setUpForwardings>>,
  client: Partial<OmarClient> | undefined,
  isEnough: (words: string) => boolean,
  over: Partial<StepSettings> = {},
  notServed: BridgeDeps['notServed'] = [],
): Promise<string[]> {
  const stop = new AbortController();
  const told: string[] = [];
  const tell = (fields: object, words: string) => {
    const { err, ...rest } = fields as { err?: unknown };
    told.push(`${words} ${err === undefined ? JSON.stringify(rest) : err}`);
    if (isEnough(words)) stop.abort();
  };
  await runBridge(
    {
      store: setup.store,
      accounts:
        client === undefined
          ? []
          : [{ name: account, way: 'omar', iso: createOmarWay(client as OmarClient) }],
      notServed,
      settings: { ...settings, pollMs: 1, heartbeatMs: 1, ...over },
      clock: setup.store.clock,
      monotonicMs: () => setup.store.clock.now(),
      random: () => 0,
      log: { info: tell, warn: tell, error: tell },
    },
    stop.signal,
  );
  return told;
}

test('an account that nobody serves is told of once, and what is due to it stays due', async () => {
  const setup = await setUpForwardings();
  for (let n = 0; n < 2; n += 1) await setup.post({ format: 'omar-csv', isoAccount: 'sc-nine' });
  const told = await runUntil(setup, undefined, (words) => words.includes('not configured'));
  expect(told).toEqual([
    'forwardings are due to an account that this bridge is not configured for {"account":"sc-nine","way":"omar","runbook":"ops/runbooks/nobody-takes-up.md"}',
  ]);
  expect(await setup.forwardings.findNextDueAt('sc-nine', 'omar')).toBe(setup.store.clock.now());
});

test('an account that could not be opened is not called one that is not configured', async () => {
  const setup = await setUpForwardings();
  for (const isoAccount of ['sc-eight', 'sc-nine']) await setup.post({ format: 'omar-csv', isoAccount });
  const notServed = [{ account: 'sc-eight', way: 'omar' as const }];
  const told = await runUntil(setup, undefined, (words) => words.includes('not configured'), {}, notServed);
  expect(told).toEqual([expect.stringContaining('"account":"sc-nine"')]);
});

test('a step that fails for a reason of ours is shown to staff, and the bridge goes on', async () => {
  const setup = await setUpForwardings();
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await setup.prepare();
  const now = setup.store.clock.now();
  await setup.forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt: now });
  const client = { upload: () => Promise.reject(new Error('a bug')) };
  const told = await runUntil(setup, client, (words) => words.includes('a step failed'));
  expect(told).toEqual(['a step failed; it is tried again Error: a bug']);
  expect(await setup.forwardings.findForwarding(forwarding.id)).toMatchObject({
    state: 'submitting',
    reason: 'the step failed: a bug',
    dueAt: now + settings.backoff.firstMs,
  });
});

test('a step that fails again is tried later each time, also by a bridge that starts anew', async () => {
  const setup = await setUpForwardings();
  const { clock } = setup.store;
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const { forwarding, part } = await setup.prepare();
  const dueAt = clock.now();
  await setup.forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt });
  await setup.store.files.remove('on-line', part.file.key);
  const delays: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    await runUntil(setup, {}, (words) => words.includes('a step failed'));
    const nextAt = (await setup.forwardings.findForwarding(forwarding.id))?.dueAt ?? 0;
    delays.push((nextAt - clock.now()) / settings.backoff.firstMs);
    clock.set(nextAt);
  }
  const doubled = [1, 2, 4, 8, 16, 32, 64, 128];
  const most = settings.backoff.maxMs / settings.backoff.firstMs;
  expect(delays).toEqual([...doubled, most, most, most, most]);
});

test('a step that always fails asks for a person, stays due, and holds up no other of the account', async () => {
  const setup = await setUpForwardings();
  const { clock } = setup.store;
  const ids: number[] = [];
  for (const resource of ['R_1', 'R_2']) {
    await setup.post({ format: 'omar-csv', isoAccount: account });
    const { forwarding } = await setup.prepare(toPartText(resource));
    const dueAt = clock.now() + 1 + ids.length;
    await setup.forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt });
    ids.push(forwarding.id);
  }
  clock.advance(10);
  const [bad = 0, good = 0] = ids;
  const failing = await setup.forwardings.findForwarding(bad);
  await setup.store.files.remove('on-line', failing?.parts[0]?.file.key as FileKey);
  const upload = async (name: string, bytes: Uint8Array) =>
    ({ kind: 'received', fileId: '1', savedAs: name, bytes: bytes.length }) as const;
  // An account that paused for the one that fails would not come to the other within this test.
  const backoff = { firstMs: 3_600_000, maxMs: 3_600_000 };
  const first = await runUntil(setup, { upload }, (words) => words === 'an upload has ended', { backoff });
  expect(first.map((line) => line.slice(0, 13))).toEqual(['a step failed', 'an upload has']);
  expect(await setup.forwardings.findForwarding(good)).toMatchObject({ state: 'following' });

  clock.advance(backoff.maxMs);
  const asks = /^a person should look/;
  const status = async () => ({ kind: 'absent' }) as const;
  // Shorter than a lease, so that none ends while a step is made.
  const again = { firstMs: 20_000, maxMs: 20_000 };
  const attentionMs = backoff.maxMs + again.maxMs;
  const told = await runUntil(
    setup,
    { upload, status },
    (words) => {
      if (words.startsWith('a step failed')) clock.advance(again.maxMs);
      return asks.test(words);
    },
    { backoff: again, attentionMs },
  );
  const failures = told.filter((line) => line.startsWith('a step failed'));
  expect(failures.length).toBeGreaterThan(1);
  expect(failures[0]).toMatch(/MdmaError: Cannot open file/);
  expect(told.filter((line) => asks.test(line))).toHaveLength(1);
  const { state, reason, attention, dueAt } = (await setup.forwardings.findForwarding(bad)) ?? {};
  expect({ state, attention, dueAt }).toEqual({ state: 'prepared', attention: 'stuck', dueAt: clock.now() });
  expect(reason).toMatch(/^a person should look: no progress since .*: the step failed: Cannot open file/);
});

test('gives its leases back when it is told to stop, so that the next bridge need not wait', async () => {
  const setup = await setUpForwardings();
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await setup.prepare();
  const now = setup.store.clock.now();
  await setup.forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt: now });
  const client = { upload: async () => ({ kind: 'unavailable', why: 'down' }) as const };
  await runUntil(setup, client, (words) => words === 'an upload has ended');
  const other = await setup.store.openAgain('bridge');
  expect(await other.catalogue.instances.takeLease(`omar:${account}`, now + 1)).toBe(true);
  await setup.forwardings.retryForwarding(forwarding.id, now, 'staff', 'a test');
  expect(await other.catalogue.forwardings.claimForwarding(account, 'omar', now + 1)).toBeDefined();
});
