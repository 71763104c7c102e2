import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { check } from '../../storage/check.ts';
import { endStates, type ForwardingState } from '../../storage/model/forwarding.ts';
import { dayMs, hourMs, toIsoText } from '../../storage/model/time.ts';
import { openStore, type Store } from '../../storage/open.ts';
import { account, type ForwardingSetup, setUpForwardings } from '../storage/forwardings/forwarding-setup.ts';
import { atEnd } from '../support/cleanup.ts';
import { type TestClock, toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { type Ran, runMdma } from './run-mdma.ts';

const cwd = makeTemporaryFolder();
let setup: ForwardingSetup;
let clock: TestClock;
/** A forwarding in each state; one in `held` is due, but staff put it on hold before the backup. */
const ids = new Map<ForwardingState | 'held', number>();
let ran: Ran;
let restored: Store;

beforeAll(async () => {
  setup = await setUpForwardings();
  clock = setup.store.clock;
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: setup.store.config }));
  const worked = ['prepared', 'submitting', 'unknown', 'following', 'person', 'rejected', 'closed'] as const;
  for (const state of worked) ids.set(state, await bringTo(state));
  ids.set('held', await post());
  await setup.forwardings.setHold(getId('held'), true, 'staff', 'in dispute');
  ids.set('due', await post());
  expect(await runMdma(['backup', 'backup'], { cwd, clock })).toMatchObject({ code: 0 });
  clock.advance(dayMs);
  ran = await runMdma(['restore', 'backup', '--to', 'restored'], { cwd, clock });
  restored = await openStore(toStorageConfig(path.join(cwd, 'restored')), { program: 'ops', clock });
  atEnd(() => restored.close());
});

async function post(): Promise<number> {
  const { forwardings } = await setup.post({ format: 'mdef', isoAccount: account });
  return forwardings[0]?.id ?? 0;
}

/** What the bridge, or staff, put on record on the way to a state, after the intent to send the one part. */
const ways = {
  unknown: { outcome: 'unknown', state: 'unknown' },
  following: { outcome: 'sent', state: 'following' },
  rejected: { outcome: 'rejected', state: 'rejected' },
  person: { outcome: 'refused', state: 'person' },
  closed: { outcome: 'refused', state: 'person' },
} as const;

/** A new forwarding in a state, with nothing due of it before the backup. */
async function bringTo(state: 'prepared' | 'submitting' | keyof typeof ways): Promise<number> {
  const { forwardings } = setup;
  const now = clock.now();
  const laterAt = now + hourMs;
  const id = await post();
  const { part } = await setup.prepare(state);
  if (state === 'prepared') {
    await forwardings.moveForwarding(id, { state, reason: '', dueAt: laterAt });
    return id;
  }
  const { id: submission } = await forwardings.recordIntent(id, {
    partId: part.id,
    attempt: 1,
    isoName: `${id}-1-1.dat`,
    deadlineAt: now + 5_000,
    leaseUntilAt: laterAt,
  });
  if (state === 'submitting') return id;
  const { outcome, state: to } = ways[state];
  const dueAt = endStates.includes(to) ? null : laterAt;
  const found = { state: outcome, isoFileId: `${id}`, words: 'theirs' };
  await forwardings.recordOutcome(id, submission, found, { state: to, reason: 'theirs', dueAt });
  if (state === 'closed') await forwardings.closeForwarding(id, 'staff', 'sent by hand');
  return id;
}

const getId = (state: ForwardingState | 'held') => ids.get(state) ?? 0;

test('a restore puts every forwarding that has not ended on hold, on record', async () => {
  const madeAt = toIsoText(clock.now() - dayMs);
  for (const state of ['due', 'prepared', 'submitting', 'unknown', 'following', 'held'] as const) {
    const found = await restored.catalogue.forwardings.findForwarding(getId(state));
    expect(found, state).toMatchObject({ state: state === 'held' ? 'due' : state, isHeld: true });
    const reason = `restored from backup of ${madeAt}: it may have been sent since`;
    expect(found?.history.at(-1), state).toMatchObject({
      kind: 'held',
      body: { by: 'operator tester', reason },
    });
  }
  for (const state of ['person', 'rejected', 'closed'] as const) {
    const before = await setup.forwardings.findForwarding(getId(state));
    expect(await restored.catalogue.forwardings.findForwarding(getId(state)), state).toEqual(before);
  }
});

test('the screen says how many, which, and what to do', async () => {
  const held = (['due', 'prepared', 'submitting', 'unknown', 'following', 'held'] as const)
    .map(getId)
    .sort((a, b) => a - b);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain(`sent since the backup, 6: forwardings ${held.join(', ')}.\n`);
  expect(ran.stdout).toMatch(/compare each with the ISO's list \(mdma submissions show ID\)/);
  expect(ran.stdout).toContain('mdma submissions release ID --reason TEXT');
  expect(ran.stdout).toContain('mdma submissions close ID --reason TEXT');
  expect(ran.stdout).toMatch(/nothing was found\.\n$/);
});

test('nothing is due to any bridge until staff release it, and then only that', async () => {
  const { forwardings } = restored.catalogue;
  clock.advance(30 * dayMs);
  expect(await forwardings.listDueAccounts()).toEqual([]);
  expect(await forwardings.claimForwarding(account, 'omar', clock.now() + 1)).toBeUndefined();
  const id = getId('unknown');
  await forwardings.setHold(id, false, 'staff', 'the list shows nothing new');
  expect(await forwardings.claimForwarding(account, 'omar', clock.now() + 1)).toMatchObject({ id });
  expect(await forwardings.claimForwarding(account, 'omar', clock.now() + 1)).toBeUndefined();
  const all = { ...restored, clock: { now: () => Number.MAX_SAFE_INTEGER } };
  expect(await check(all, { graceMs: 0, isQuick: false })).toEqual([]);
});
