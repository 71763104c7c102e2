import { expect, test } from 'vitest';
import { createOmarWay } from '../../../bridge/forwarding/omar/create-omar-way.ts';
import type { OmarClient } from '../../../bridge/omar/outcomes.ts';
import type { Sha256 } from '../../../storage/model/sha256.ts';
import { account } from '../../storage/forwardings/forwarding-setup.ts';
import { type StepSetup, settings, setUpSteps, toListed } from './step-setup.ts';

const look = 'a person should look at a forwarding';

async function setUpPrepared() {
  const setup = await setUpSteps();
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const id = await prepareNext(setup);
  return { ...setup, id };
}

/** What is due gets a part and is to be sent; its number. */
async function prepareNext({ prepare, forwardings, store }: StepSetup): Promise<number> {
  const { forwarding } = await prepare();
  const move = { state: 'prepared' as const, reason: '', dueAt: store.clock.now() };
  await forwardings.moveForwarding(forwarding.id, move);
  return forwarding.id;
}

async function stepWhenDue({ find, store, step }: StepSetup, id: number): Promise<void> {
  store.clock.set(Math.max(store.clock.now(), (await find(id)).dueAt ?? 0));
  await step();
}

async function listAsking({ forwardings }: StepSetup): Promise<number[]> {
  const filter = { state: undefined, transaction: undefined, before: undefined, limit: 9 };
  const asking = await forwardings.listForwardings({ ...filter, needsAttention: true });
  return asking.forwardings.map(({ id }) => id);
}

test('one failure after a long wait that was right asks nobody to look', async () => {
  const setup = await setUpPrepared();
  const { store, answers, find, id, told } = setup;
  store.clock.advance(settings.attentionMs * 2);
  answers.upload = async () => ({ kind: 'unavailable', why: 'HTTP 503' });
  await setup.step();
  const found = await find(id);
  expect(found).toMatchObject({ reason: 'HTTP 503', attention: null, stuckSinceAt: store.clock.now() });
  expect([told, await listAsking(setup)]).toEqual([[], []]);
});

test('failures in a row ask a person to look, counted from the first, and are told of once', async () => {
  const setup = await setUpPrepared();
  const { store, answers, find, id, told, forwardings } = setup;
  const sinceAt = store.clock.now();
  answers.upload = async () => ({ kind: 'unavailable', why: 'HTTP 503' });
  await setup.step();
  store.clock.advance(settings.attentionMs + 1);
  for (let n = 0; n < 3; n += 1) await stepWhenDue(setup, id);
  const words = `a person should look: no progress since ${new Date(sinceAt).toISOString()}: HTTP 503`;
  expect(await find(id)).toMatchObject({
    reason: words,
    attention: 'stuck',
    stuckSinceAt: sinceAt,
    history: expect.arrayContaining([
      expect.objectContaining({ body: { state: 'prepared', reason: words, attention: 'stuck' } }),
    ]),
  });
  expect([told, await listAsking(setup)]).toEqual([[look], [id]]);
  expect(await forwardings.countAttention()).toMatchObject({ stuck: 1, overdue: 0, person: 0 });

  const [part] = (await find(id)).parts;
  const bytes = part?.file.bytes ?? 0;
  answers.upload = async (name) => ({ kind: 'received', fileId: '1', savedAs: `1_${name}`, bytes });
  await stepWhenDue(setup, id);
  expect(await find(id)).toMatchObject({ state: 'following', attention: null, stuckSinceAt: null });
  await store.expectSound();
});

test('waiting for a forwarding that is on hold is told of', async () => {
  const setup = await setUpSteps();
  const { store, forwardings, find, post, told } = setup;
  const first = await setup.sendOne();
  await forwardings.setHold(first.id, true, 'staff', 'in dispute');
  const { transaction } = await find(first.id);
  await post({ format: 'omar-csv', isoAccount: account, corrects: transaction });
  const id = await prepareNext(setup);
  await setup.step();
  const reason = `waits for forwarding ${first.id}, which was posted earlier about the same data and is on hold`;
  const sinceAt = store.clock.now();
  expect(await find(id)).toMatchObject({ reason, attention: null, stuckSinceAt: sinceAt });
  store.clock.advance(settings.attentionMs + 1);
  await stepWhenDue(setup, id);
  expect((await find(id)).reason).toMatch(/^a person should look: no progress since .* and is on hold$/);
  expect([told, await listAsking(setup)]).toEqual([[look], [id]]);

  await forwardings.setHold(first.id, false, 'staff', 'settled');
  await forwardings.retryForwarding(id, store.clock.now(), 'staff', 'settled');
  expect(await listAsking(setup)).toEqual([]);
  setup.answers.status = async (fileId) => ({
    kind: 'listed',
    file: toListed({ fileId, name: first.isoName }),
  });
  await setup.step();
  await setup.step();
  expect(await find(id)).toMatchObject({ reason: expect.not.stringContaining('on hold'), attention: null });
});

test('overdue is told of once, also when a failure comes between, and ends with the last word', async () => {
  const setup = await setUpSteps();
  const { store, find, answers, told, forwardings } = setup;
  const { id, isoName } = await setup.sendOne();
  store.clock.advance(settings.overdueMs + 1);
  answers.status = async (fileId) => ({ kind: 'listed', file: toListed({ fileId, name: isoName }) });
  await setup.step();
  expect(await find(id)).toMatchObject({ attention: 'overdue', stuckSinceAt: null });
  answers.status = async () => ({ kind: 'unavailable', why: 'HTTP 503' });
  await stepWhenDue(setup, id);
  expect(await find(id)).toMatchObject({ attention: 'overdue', reason: 'HTTP 503' });
  expect(await forwardings.countAttention()).toMatchObject({ stuck: 0, overdue: 1 });
  answers.status = async (fileId) => ({ kind: 'listed', file: toListed({ fileId, name: isoName }) });
  await stepWhenDue(setup, id);
  expect(told).toEqual([look]);

  // What staff hold they know of.
  await forwardings.setHold(id, true, 'staff', 'asked the ISO');
  expect(await listAsking(setup)).toEqual([]);
  await forwardings.setHold(id, false, 'staff', 'answered');
  answers.status = async (fileId) => ({
    kind: 'listed',
    file: toListed({ fileId, name: isoName, status: 'Validation Passed' }),
  });
  await stepWhenDue(setup, id);
  expect(await find(id)).toMatchObject({ state: 'accepted', attention: null });
  expect(await forwardings.countAttention()).toEqual({ stuck: 0, overdue: 0, person: 0, oldestDue: [] });
});

test('what asks for a person goes on to, without being told of again, through a page nobody can read, a stop, a clock that is off', async () => {
  const setup = await setUpSteps();
  const { store, find, answers, told, forwardings } = setup;
  const { id, isoName } = await setup.sendOne();
  store.clock.advance(settings.overdueMs + 1);
  answers.status = async (fileId) => ({ kind: 'listed', file: toListed({ fileId, name: isoName }) });
  await setup.step();
  const page = { pageKind: 'status', httpStatus: 200, contentType: 'text/html', why: 'no table' } as const;
  const fingerprint = 'f'.repeat(64) as Sha256;
  answers.status = async () => ({
    kind: 'unrecognised',
    page: { ...page, bytes: Buffer.from('?'), fingerprint },
  });
  await stepWhenDue(setup, id);
  expect(await find(id)).toMatchObject({
    reason: expect.stringContaining('was not recognised'),
    attention: 'overdue',
  });
  await stepWhenDue(setup, id);
  expect(await find(id)).toMatchObject({
    reason: expect.stringContaining('status work of this account is stopped'),
    attention: 'overdue',
  });
  const [stop] = await forwardings.listStops(account);
  await forwardings.releaseStop(stop?.id ?? 0, 'staff', 'seen');
  answers.status = async (fileId) => ({ kind: 'listed', file: toListed({ fileId, name: isoName }) });
  await stepWhenDue(setup, id);
  expect(told.filter((words) => words === look)).toHaveLength(1);
});

test('an announced outage neither begins nor ends that a forwarding is overdue', async () => {
  const setup = await setUpSteps();
  const { store, find, answers } = setup;
  const { id, isoName } = await setup.sendOne();
  store.clock.advance(settings.overdueMs + 1);
  const status: OmarClient['status'] = async (fileId) => ({
    kind: 'listed',
    file: toListed({ fileId, name: isoName }),
  });
  const iso = { ...createOmarWay({ status } as OmarClient), isMaintenance: () => true };
  const stepInOutage = async () => {
    store.clock.set(Math.max(store.clock.now(), (await find(id)).dueAt ?? 0));
    await setup.step({ iso });
  };
  await stepInOutage();
  expect(await find(id)).toMatchObject({ state: 'following', attention: null });
  answers.status = status;
  await stepWhenDue(setup, id);
  await stepInOutage();
  expect(await find(id)).toMatchObject({ state: 'following', attention: 'overdue' });
});

test('a forwarding that is stuck stays so while the clock is off', async () => {
  const setup = await setUpPrepared();
  const { store, answers, find, id, told } = setup;
  const sinceAt = store.clock.now();
  answers.upload = async () => ({ kind: 'unavailable', why: 'HTTP 503' });
  await setup.step();
  store.clock.advance(settings.attentionMs + 1);
  await stepWhenDue(setup, id);
  store.clock.set((await find(id)).dueAt ?? 0);
  const off = { kind: 'off', offsetMs: -75_000, measuredAt: 1, words: 'off' } as const;
  await setup.step({ clockWatch: { state: () => off } });
  expect(await find(id)).toMatchObject({ attention: 'stuck', stuckSinceAt: sinceAt });
  expect(told).toEqual([look]);
});

test('whatever leaves a forwarding to a person is told of', async () => {
  const setup = await setUpPrepared();
  setup.answers.upload = async () => ({ kind: 'refused', words: 'bad extension' });
  await setup.step();
  expect(setup.told).toEqual(['a person must decide about a forwarding']);
  expect(await listAsking(setup)).toEqual([setup.id]);
  expect(await setup.forwardings.countAttention()).toMatchObject({ person: 1 });
});
