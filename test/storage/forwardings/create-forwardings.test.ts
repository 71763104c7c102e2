import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../storage/model/time.ts';
import { listDeadReadingSets } from '../../support/dead-reading-sets.ts';
import { account, periodStartAt, setUpForwardings } from './forwarding-setup.ts';

describe('createForwardings', () => {
  test('one to each account that a mapped meter goes to, with an event, in the posting itself', async () => {
    const { store, map, post, forwardings } = await setUpForwardings();
    await map('M1');
    await map('M2');
    await map('M3', { account: 'sc-two' });
    const posting = await post({
      sets: [{ meter: 'M1' }, { meter: 'M2' }, { meter: 'M3' }, { meter: 'M4' }],
    });
    expect(posting.forwardings.map((each) => [each.account, each.way, each.state])).toEqual([
      ['sc-one', 'omar', 'due'],
      ['sc-two', 'omar', 'due'],
    ]);
    const found = await forwardings.findForwarding(posting.forwardings[0]?.id ?? 0);
    expect(found).toMatchObject({
      state: 'due',
      dueAt: store.clock.now(),
      parts: [],
      transaction: posting.transaction,
    });
    expect(found?.history.map(({ kind }) => kind)).toEqual(['created']);
    await store.expectSound();
  });

  test.each([
    ['raw', { raw: 24 }],
    ['raw or missing', { raw: 12, missing: 12 }],
    ['HISTORY', { purpose: 'HISTORY' }],
    ['TEMPLATE', { purpose: 'TEMPLATE' }],
    ['a RESEND', { purpose: 'RESEND' }],
    ['of a unit that is not mapped', { unit: 'KVARH' }],
    ['of days before the mapping', { periodStartAt: 0, periodEndAt: 1 }],
  ])('none when all there is is %s', async (_, set) => {
    const { map, post } = await setUpForwardings();
    await map('M1');
    expect((await post({ sets: [set] })).forwardings).toEqual([]);
  });

  test.each([
    ['OK', {}],
    ['SUMMARY', { purpose: 'SUMMARY' }],
    ['History in another case is not, OK is', { purpose: 'ok' }],
    ['partly raw', { raw: 23 }],
  ])('one for data that is due: %s', async (_, set) => {
    const { map, post } = await setUpForwardings();
    await map('M1');
    expect((await post({ sets: [set] })).forwardings).toHaveLength(1);
  });

  test('the mapping counts on the trade day: its last interval ends at local midnight', async () => {
    const { map, post } = await setUpForwardings();
    await map('M1', { effectiveFrom: '2026-11-20' });
    const day = { periodStartAt, periodEndAt: periodStartAt + 24 * hourMs };
    expect((await post({ sets: [day] })).forwardings).toEqual([]);
    const oneMore = { ...day, periodEndAt: day.periodEndAt + hourMs };
    expect((await post({ sets: [oneMore] })).forwardings).toHaveLength(1);
  });

  test('a file in a format of the ISO goes to the account that was named, whatever is mapped', async () => {
    const { map, post } = await setUpForwardings();
    await map('M1');
    const { forwardings } = await post({ format: 'mdef', isoAccount: 'sc-nine', sets: [{}] });
    expect(forwardings).toMatchObject([{ account: 'sc-nine' }]);
    expect((await post({ format: 'omar-csv' })).forwardings).toEqual([]);
  });
});

describe('a correction', () => {
  async function setUpCorrected() {
    const setup = await setUpForwardings();
    await setup.map('M1');
    await setup.map('M2');
    const original = await setup.post({ sets: [{ meter: 'M1' }, { meter: 'M2' }] });
    const id = original.forwardings[0]?.id ?? 0;
    const correct = (meters: readonly string[]) =>
      setup.post({ corrects: original.transaction, sets: meters.map((meter) => ({ meter })) });
    const stateOfOriginal = async () => (await setup.forwardings.findForwarding(id))?.state;
    return { ...setup, original, correct, stateOfOriginal };
  }

  test('supersedes what was not sent yet and has nothing live left', async () => {
    const { store, correct, stateOfOriginal } = await setUpCorrected();
    const correction = await correct(['M1', 'M2']);
    expect(await stateOfOriginal()).toBe('superseded');
    expect(correction.forwardings).toMatchObject([{ account, state: 'due' }]);
    await store.expectSound();
  });

  test('leaves it when some of it is still live; then the corrected sets are dead', async () => {
    const { correct, stateOfOriginal, store, original, claim } = await setUpCorrected();
    const correction = await correct(['M2']);
    expect(await stateOfOriginal()).toBe('due');
    expect(listDeadReadingSets(store, original.transaction)).toEqual(new Set([1]));
    const first = await claim();
    expect(first).toMatchObject({ transaction: original.transaction, waitsFor: null });
    expect(await claim()).toMatchObject({ transaction: correction.transaction, waitsFor: first.id });
  });

  test.each([
    ['a few of its hours', { periodEndAt: periodStartAt + 2 * hourMs, readings: 2 }],
    ['nothing but history', { purpose: 'HISTORY' }],
    ['nothing but raw readings', { raw: 24 }],
  ])('never keeps the rest of what was not sent from the ISO: it brings %s', async (_, set) => {
    const { post, original, stateOfOriginal, store } = await setUpCorrected();
    const sets = ['M1', 'M2'].map((meter) => ({ ...set, meter }));
    await post({ corrects: original.transaction, sets });
    expect(await stateOfOriginal()).toBe('due');
    expect(listDeadReadingSets(store, original.transaction)).toEqual(new Set());
  });

  test('waits for an earlier correction of the same posting, and is told when a later one overtook it', async () => {
    const { correct, claim, prepare, forwardings, store, beginSending } = await setUpCorrected();
    const one = await correct(['M2']);
    const two = await correct(['M2']);
    const now = store.clock.now();
    const aside = { state: 'person', reason: 'a test', dueAt: null } as const;
    await forwardings.moveForwarding((await claim()).id, aside);
    const first = await claim();
    expect(first).toMatchObject({ transaction: one.transaction, waitsFor: null });
    const { forwarding, part } = await prepare();
    expect(forwarding).toMatchObject({ transaction: two.transaction, waitsFor: first.id });
    await forwardings.moveForwarding(first.id, aside);
    await beginSending(forwarding, part);
    await forwardings.retryForwarding(first.id, now, 'staff', 'a test');
    expect(await claim()).toMatchObject({ id: first.id, overtakenBy: forwarding.id });
  });

  test('takes the lease that is over from who stood still, also when the clock is set back', async () => {
    const { store, correct, stateOfOriginal, claim, forwardings } = await setUpCorrected();
    const { id } = await claim();
    store.clock.advance(61_000);
    await correct(['M1', 'M2']);
    expect(await stateOfOriginal()).toBe('superseded');
    store.clock.advance(-30_000);
    const move = { state: 'prepared', reason: '', dueAt: store.clock.now() } as const;
    await expect(forwardings.moveForwarding(id, move)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('leaves it while it is worked on, and when anything of it may be at the ISO', async () => {
    const { correct, stateOfOriginal, prepare, forwardings, store } = await setUpCorrected();
    const { forwarding, part } = await prepare();
    const now = store.clock.now();
    await forwardings.recordIntent(forwarding.id, {
      partId: part.id,
      attempt: 1,
      isoName: 'a-1-1.csv',
      deadlineAt: now,
      leaseUntilAt: now + 1,
    });
    store.clock.advance(1_000);
    await correct(['M1', 'M2']);
    expect(await stateOfOriginal()).toBe('submitting');
    await store.expectSound();
  });

  test('waits through a chain of corrections for what is still on its way, and tells what overtook', async () => {
    const { post, prepare, forwardings, store, claim, correct, beginSending } = await setUpCorrected();
    const { forwarding, part } = await prepare();
    const now = store.clock.now();
    const submission = await beginSending(forwarding, part);
    const middle = await correct(['M1', 'M2']);
    const last = await post({ corrects: middle.transaction, sets: [{ meter: 'M1' }, { meter: 'M2' }] });
    const claimed = await claim();
    expect(claimed).toMatchObject({
      transaction: last.transaction,
      waitsFor: forwarding.id,
      overtakenBy: null,
    });

    const outcome = { state: 'absent', words: '' } as const;
    const person = { state: 'person', reason: 'a test', dueAt: null } as const;
    await forwardings.recordOutcome(forwarding.id, submission, outcome, person);
    const parts = [{ number: 1, file: part.file, extension: 'csv' as const, records: 1 }];
    await forwardings.recordParts(claimed.id, parts, {}, { state: 'prepared', reason: '', dueAt: now });
    const again = await claim();
    expect(again).toMatchObject({ id: claimed.id, waitsFor: null });
    await beginSending(again, { id: again.parts[0]?.id ?? 0 });
    await forwardings.retryForwarding(forwarding.id, now, 'staff', 'a test');
    expect(await claim()).toMatchObject({ id: forwarding.id, overtakenBy: again.id });
  });

  test.each([
    ['sent', true],
    ['unknown', true],
    ['refused', false],
  ] as const)('waits for one that a person looks at while a part of it is %s: %s', async (state, waits) => {
    const { prepare, forwardings, claim, correct, beginSending } = await setUpCorrected();
    const { forwarding, part } = await prepare();
    const submission = await beginSending(forwarding, part);
    const outcome = { state, words: '', isoFileId: '1' };
    const person = { state: 'person', reason: 'a test', dueAt: null } as const;
    await forwardings.recordOutcome(forwarding.id, submission, outcome, person);
    const { transaction } = await correct(['M1', 'M2']);
    expect(await claim()).toMatchObject({ transaction, waitsFor: waits ? forwarding.id : null });
  });

  test('brings complete days: it waits for another correction of the same day, and is told when one overtook it', async () => {
    const { store, map, post, claim, prepare, forwardings, beginSending } = await setUpForwardings();
    await map('M1');
    const hours = (from: number, to: number) => ({
      periodStartAt: periodStartAt + from * hourMs,
      periodEndAt: periodStartAt + to * hourMs,
    });
    const person = { state: 'person', reason: 'a test', dueAt: null } as const;
    const morning = await post({ sets: [hours(0, 12)] });
    const evening = await post({ sets: [hours(12, 24)] });
    const tomorrow = await post({ sets: [hours(24, 48)] });
    for (const _ of [morning, evening, tomorrow])
      await forwardings.moveForwarding((await claim()).id, person);
    const one = await post({ corrects: morning.transaction, sets: [hours(0, 1)] });
    const two = await post({ corrects: evening.transaction, sets: [hours(23, 24)] });
    const nextDay = await post({ corrects: tomorrow.transaction, sets: [hours(24, 25)] });
    const first = await claim();
    expect(first).toMatchObject({ transaction: one.transaction, waitsFor: null, overtakenBy: null });
    const { forwarding, part } = await prepare();
    expect(forwarding).toMatchObject({ transaction: two.transaction, waitsFor: first.id });
    expect(await claim()).toMatchObject({ transaction: nextDay.transaction, waitsFor: null });

    await forwardings.moveForwarding(first.id, person);
    const now = store.clock.now();
    await beginSending(forwarding, part);
    await forwardings.retryForwarding(first.id, now, 'staff', 'a test');
    expect(await claim()).toMatchObject({ id: first.id, overtakenBy: forwarding.id });
  });
});
