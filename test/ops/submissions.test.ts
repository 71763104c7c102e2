import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addParties, type Parties, toReadingSet } from '../support/parties.ts';
import { createTestClock, createTestStore, type TestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const clock = createTestClock();
const cwd = makeTemporaryFolder();
const mdma = (...args: string[]) => runMdma(args, { cwd, clock });
let store: TestStore;
let parties: Parties;

beforeAll(async () => {
  store = await createTestStore(clock);
  parties = await addParties(store);
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: store.config }));
  await store.catalogue.resources.mapResource({
    meter: 'M1',
    unit: 'KWH',
    resourceId: 'SITE_1',
    measurementType: 'LOAD',
    account: 'sc-one',
    way: 'omar',
    effectiveFrom: '2026-01-01',
  });
});

/** A posting whose forwarding waits for a person; its number. */
async function postForPerson(): Promise<number> {
  const { posting } = await parties.post({ sets: [toReadingSet()] });
  const { forwardings } = store.catalogue;
  const claimed = await forwardings.claimForwarding('sc-one', 'omar', clock.now() + 60_000);
  expect(claimed?.transaction).toBe(posting.transaction);
  const id = claimed?.id ?? 0;
  await forwardings.moveForwarding(id, { state: 'person', reason: 'the ISO refused it', dueAt: null });
  return id;
}

describe('show', () => {
  test('tells what the ISO would list it as, and its whole history', async () => {
    const id = await postForPerson();
    const { stdout } = await mdma('submissions', 'show', String(id));
    expect(stdout).toMatch(
      new RegExp(
        `^Forwarding ${id} of transaction \\d+ to sc-one \\(omar\\): person\n {2}reason {2}the ISO refused it\n`,
      ),
    );
    expect(stdout).toMatch(/its names at the ISO begin with \w+-\n\nNothing of it was sent\.\n\nEVENT /);
    expect(stdout).toMatch(/ created +\{.*\n +\d+ +\S+ \S+ +moved +\{.*"state":"person"/);
    expect((await mdma('submissions', 'show', String(id), '--json')).json()).toMatchObject({
      id,
      state: 'person',
      history: [{ kind: 'created' }, { kind: 'moved' }],
    });
    expect(await mdma('submissions', 'show', '99')).toMatchObject({
      code: 1,
      stderr: 'mdma: Cannot find forwarding 99: there is none\n',
    });
  });
});

describe('list', () => {
  test('--attention leaves only what needs a person', async () => {
    await parties.post({ sets: [toReadingSet()] });
    const { forwardings } = store.catalogue;
    const claimed = await forwardings.claimForwarding('sc-one', 'omar', clock.now() + 60_000);
    const id = claimed?.id ?? 0;
    const move = { state: 'due' as const, reason: 'HTTP 503', dueAt: clock.now() + 1 };
    await forwardings.moveForwarding(id, { ...move, attention: 'stuck', stuckSinceAt: clock.now() });
    const asking = (await mdma('submissions', '--attention', '--json')).json() as {
      forwardings: { id: number; state: string }[];
    };
    expect(asking.forwardings[0]).toMatchObject({ id, attention: 'stuck' });
    expect(asking.forwardings.slice(1).every(({ state }) => state === 'person')).toBe(true);
    expect((await mdma('submissions', '--attention')).stdout).toMatch(/ due \(stuck\) /);
    expect((await mdma('submissions', 'show', String(id))).stdout).toContain('stuck: a person should look');
    expect((await mdma('submissions', '--state', 'rejected')).stdout).toBe('There is none.\n');
    await forwardings.setHold(id, true, 'staff', 'seen');
    await forwardings.closeForwarding(id, 'staff', 'seen');
    expect(await forwardings.findForwarding(id)).toMatchObject({ attention: null, stuckSinceAt: null });
  });
});

describe('close', () => {
  test('ends what waits for a person, and never says accepted', async () => {
    const id = String(await postForPerson());
    expect(await mdma('submissions', 'close', id)).toMatchObject({ code: 2 });
    expect(await mdma('submissions', 'close', id, '--reason', 'sent by hand')).toMatchObject({
      code: 0,
      stdout: `Forwarding ${id}: close is on record; it is closed.\n`,
    });
    const { stdout } = await mdma('submissions', 'show', id);
    expect(stdout).toContain('closed by operator tester: sent by hand');
    expect(stdout).not.toContain('accepted');
    expect(await mdma('submissions', 'retry', id, '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: `mdma: Cannot retry forwarding ${id}: it is closed\n`,
    });
  });

  test('ends what is on hold, but nothing that goes on by itself', async () => {
    const { posting } = await parties.post({ sets: [toReadingSet()] });
    const id = String(posting.forwardings[0]?.id);
    expect(await mdma('submissions', 'close', id, '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is due, neither on hold nor waiting for a person'),
    });
    expect((await mdma('submissions', 'hold', id, '--reason', 'look', '--json')).json()).toMatchObject({
      state: 'due',
      isHeld: true,
    });
    expect((await mdma('submissions', 'close', id, '--reason', 'listed', '--json')).json()).toMatchObject({
      state: 'closed',
      isHeld: false,
      reason: 'closed by operator tester: listed',
      dueAt: null,
    });
    await store.expectSound();
  });
});

test.each(['hold', 'release', 'retry', 'close'])('%s explains itself with an example', async (verb) => {
  const { code, stdout } = await mdma('submissions', verb, '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`Example:\n {2}mdma submissions ${verb} 7 --reason "`));
});
