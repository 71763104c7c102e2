import { describe, expect, test } from 'vitest';
import type { Way } from '../../../storage/model/forwarding.ts';
import { account, type ForwardingSetup, setUpForwardings } from './forwarding-setup.ts';

async function sendOne(setup: ForwardingSetup, outcome: { state: 'sent' | 'refused'; isoFileId?: string }) {
  await setup.post({ format: 'mdef', isoAccount: account });
  const { forwarding, part } = await setup.prepare();
  const now = setup.store.clock.now();
  const submission = await setup.beginSending(forwarding, part, now + 20);
  const move =
    outcome.state === 'sent'
      ? { state: 'following' as const, reason: '', dueAt: now + 5_000 }
      : { state: 'person' as const, reason: 'refused', dueAt: null };
  await setup.forwardings.recordOutcome(forwarding.id, submission, { ...outcome, words: 'theirs' }, move);
  return { id: forwarding.id, submission };
}

describe('the history of a forwarding', () => {
  test('tells every step in order, and what is listed follows from it', async () => {
    const setup = await setUpForwardings();
    const { id } = await sendOne(setup, { state: 'sent', isoFileId: '528527' });
    const found = await setup.forwardings.findForwarding(id);
    expect(found?.history.map(({ kind }) => kind)).toEqual([
      'created',
      'prepared',
      'moved',
      'intended',
      'outcome',
      'moved',
    ]);
    expect(found).toMatchObject({
      state: 'following',
      parts: [
        { number: 1, submissions: [{ state: 'sent', isoFileId: '528527', words: 'theirs', polls: 0 }] },
      ],
    });
    const { forwardings } = await setup.forwardings.listForwardings({
      state: 'following',
      transaction: undefined,
      before: undefined,
      limit: 5,
    });
    const { history: _h, replaces: _r, replacedBy: _b, ...listed } = found ?? {};
    expect(forwardings).toEqual([listed]);
    await setup.store.expectSound();
  });

  test('a look that shows nothing new is counted, but is no event', async () => {
    const setup = await setUpForwardings();
    const { id, submission } = await sendOne(setup, { state: 'sent' });
    setup.store.clock.advance(5_000);
    const events = (await setup.forwardings.findForwarding(id))?.history.length;
    await setup.claim();
    const outcome = { state: 'sent', words: 'theirs', isPoll: true } as const;
    const dueAt = setup.store.clock.now() + 100;
    await setup.forwardings.recordOutcome(id, submission, outcome, { state: 'following', reason: '', dueAt });
    const found = await setup.forwardings.findForwarding(id);
    expect(found?.history).toHaveLength(events ?? 0);
    expect(found).toMatchObject({ dueAt, parts: [{ submissions: [{ polls: 1 }] }] });
  });

  test('pages list newest first and say whether there is more', async () => {
    const { post, forwardings } = await setUpForwardings();
    for (let n = 0; n < 3; n += 1) await post({ format: 'mdef', isoAccount: account });
    const filter = { state: undefined, transaction: undefined, limit: 2 };
    const first = await forwardings.listForwardings({ ...filter, before: undefined });
    expect([first.forwardings.map(({ id }) => id), first.hasMore]).toEqual([[3, 2], true]);
    const second = await forwardings.listForwardings({ ...filter, before: 2 });
    expect([second.forwardings.map(({ id }) => id), second.hasMore]).toEqual([[1], false]);
  });
});

describe('findSentinels', () => {
  test('are the newest file of the account that was sent after a submission and its deadline, and the last before it', async () => {
    const setup = await setUpForwardings();
    const start = setup.store.clock.now();
    for (const isoFileId of ['7', '8']) {
      setup.store.clock.advance(1_000);
      await sendOne(setup, { state: 'sent', isoFileId });
    }
    const find = (id: number, deadlineAt: number, name = account, way: Way = 'omar') =>
      setup.forwardings.findSentinels(name, way, { id, deadlineAt });
    expect(await find(0, start)).toEqual({ later: '8', earlier: undefined });
    expect(await find(1, start + 1_999)).toEqual({ later: '8', earlier: undefined });
    expect(await find(1, start + 2_000)).toEqual({ later: undefined, earlier: undefined });
    expect(await find(2, start)).toEqual({ later: undefined, earlier: '7' });
    expect(await find(1, start, 'sc-two')).toEqual({ later: undefined, earlier: undefined });
    expect(await find(1, start, account, 'mris')).toEqual({ later: undefined, earlier: undefined });
  });
});

describe('what staff do', () => {
  test('retry lets it go on where its parts stand', async () => {
    const setup = await setUpForwardings();
    const { id } = await sendOne(setup, { state: 'refused' });
    const now = setup.store.clock.now();
    await setup.forwardings.retryForwarding(id, now, 'staff', 'the ISO mended it');
    expect(await setup.forwardings.findForwarding(id)).toMatchObject({
      state: 'prepared',
      dueAt: now,
      reason: 'retried by staff: the ISO mended it',
    });
    await setup.claim();
    const retry = setup.forwardings.retryForwarding(id, now, 'staff', 'again');
    await expect(retry).rejects.toMatchObject({ code: 'conflict' });
    await setup.store.expectSound();
  });

  test('close ends what waits for a person, and nothing else', async () => {
    const setup = await setUpForwardings();
    const { id } = await sendOne(setup, { state: 'refused' });
    await setup.forwardings.closeForwarding(id, 'staff', 'sent by hand');
    const closed = await setup.forwardings.findForwarding(id);
    expect(closed).toMatchObject({ state: 'closed', reason: 'closed by staff: sent by hand', dueAt: null });
    const { closeForwarding, retryForwarding, setHold } = setup.forwardings;
    await expect(closeForwarding(id, 'staff', '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(retryForwarding(id, 0, 'staff', '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(setHold(id, true, 'staff', '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(closeForwarding(99, 'staff', '')).rejects.toMatchObject({ code: 'not-found' });
    await setup.store.expectSound();
  });
});

describe('what is on hold', () => {
  test('can be closed, once nobody works on it, and is on hold no more', async () => {
    const setup = await setUpForwardings();
    const { closeForwarding, setHold, findForwarding } = setup.forwardings;
    await setup.post({ format: 'mdef', isoAccount: account });
    const { id } = await setup.claim();
    await setHold(id, true, 'staff', 'restored');
    await expect(closeForwarding(id, 'staff', 'sent')).rejects.toThrow(/is being worked on/);
    setup.store.clock.advance(60_000);
    await setHold(id, false, 'staff', 'a mistake');
    await expect(closeForwarding(id, 'staff', 'sent')).rejects.toThrow(/neither on hold nor waiting/);
    await setHold(id, true, 'staff', 'restored');
    await closeForwarding(id, 'staff', 'the ISO lists it');
    const reason = 'closed by staff: the ISO lists it';
    expect(await findForwarding(id)).toMatchObject({ state: 'closed', reason, isHeld: false, dueAt: null });
    await setup.store.expectSound();
  });

  test('while a step is under way is on hold no more once that has ended it, and asks for a person as any other', async () => {
    const setup = await setUpForwardings();
    const { moveForwarding, setHold, findForwarding, retryForwarding } = setup.forwardings;
    const filter = { state: undefined, transaction: undefined, before: undefined, limit: 9 };
    for (const state of ['accepted', 'person'] as const) {
      await setup.post({ format: 'mdef', isoAccount: account });
      const { id } = await setup.claim();
      await setHold(id, true, 'staff', 'in dispute');
      await moveForwarding(id, { state, reason: 'theirs', dueAt: null });
      expect(await findForwarding(id)).toMatchObject({ state, isHeld: false });
    }
    const asking = await setup.forwardings.listForwardings({ ...filter, needsAttention: true });
    expect(asking.forwardings.map(({ state }) => state)).toEqual(['person']);
    expect(await setup.forwardings.countAttention()).toMatchObject({ person: 1 });
    await retryForwarding(asking.forwardings[0]?.id ?? 0, setup.store.clock.now(), 'staff', 'looked into');
    expect(await setup.claim()).toMatchObject({ id: asking.forwardings[0]?.id });
  });

  test('and superseded is on hold no more', async () => {
    const setup = await setUpForwardings();
    await setup.map('M1');
    const { transaction, forwardings } = await setup.post({ sets: [{}] });
    const id = forwardings[0]?.id ?? 0;
    await setup.forwardings.setHold(id, true, 'staff', 'a correction comes');
    await setup.post({ sets: [{}], corrects: transaction });
    expect(await setup.forwardings.findForwarding(id)).toMatchObject({ state: 'superseded', isHeld: false });
    await setup.store.expectSound();
  });
});

describe('kept pages', () => {
  test('stop a kind of work until staff release it; the same page stops it again and is kept once', async () => {
    const { store, forwardings, keep } = await setUpForwardings();
    const page = { account, kind: 'upload', fingerprint: 'f1' } as const;
    const head = { httpStatus: 200, contentType: 'text/html' };
    expect(await forwardings.stopAgain(page)).toBe(false);
    await forwardings.keepPage({ ...page, why: 'no table', head, file: await keep('<html>') });
    const [stop] = await forwardings.listStops(account);
    expect(stop).toMatchObject({ account, kind: 'upload', why: 'no table', head, file: { bytes: 6 } });
    expect(await forwardings.listStops('sc-two')).toEqual([]);
    await forwardings.releaseStop(stop?.id ?? 0, 'staff', 'told the ISO');
    expect(await forwardings.listStops(undefined)).toEqual([]);
    const again = forwardings.releaseStop(stop?.id ?? 0, 'staff', 'twice');
    await expect(again).rejects.toMatchObject({ code: 'not-found' });
    expect(await forwardings.stopAgain(page)).toBe(true);
    expect(await forwardings.listStops(undefined)).toEqual([stop]);
    await store.expectSound();
  });
});
