import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../storage/model/time.ts';
import { periodStartAt, setUpForwardings } from './forwarding-setup.ts';

const person = { state: 'person', reason: 'a test', dueAt: null } as const;

/** Two postings of one day, each with its own hours, both given to a person; and ways to correct them. */
async function setUpDay() {
  const setup = await setUpForwardings();
  const { post, forwardings, claim, store } = setup;
  await setup.map('M1');
  const hours = (from: number, to: number) => ({
    periodStartAt: periodStartAt + from * hourMs,
    periodEndAt: periodStartAt + to * hourMs,
  });
  const morning = await post({ sets: [hours(0, 12)] });
  const evening = await post({ sets: [hours(12, 24)] });
  for (const _ of [morning, evening]) await forwardings.moveForwarding((await claim()).id, person);
  const send = async ({ forwarding, part }: Awaited<ReturnType<typeof setup.prepare>>, isoFileId: string) => {
    const submission = await setup.beginSending(forwarding, part);
    const move = { state: 'following', reason: '', dueAt: store.clock.now() } as const;
    const outcome = { state: 'sent', words: '', isoFileId } as const;
    await forwardings.recordOutcome(forwarding.id, submission, outcome, move);
  };
  return {
    ...setup,
    morning: () => post({ corrects: morning.transaction, sets: [hours(0, 1)] }),
    evening: () => post({ corrects: evening.transaction, sets: [hours(23, 24)] }),
    tomorrow: () => post({ corrects: evening.transaction, sets: [hours(24, 25)] }),
    send,
  };
}

const idOf = ({ forwardings: [created] }: { forwardings: readonly { id: number }[] }) => created?.id ?? 0;

describe('what a correction waits for', () => {
  test('is what is on hold, also when another of its own posting is on its way', async () => {
    const { morning, evening, claim, forwardings } = await setUpDay();
    const other = idOf(await evening());
    const own = idOf(await morning());
    const last = idOf(await morning());
    for (const id of [other, own]) expect(await claim()).toMatchObject({ id });
    await forwardings.setHold(other, true, 'staff', 'a test');
    expect(await claim()).toMatchObject({ id: last, waitsFor: other, isPredecessorHeld: true });
  });

  test('is what of its own posting is on its way, when nothing is on hold', async () => {
    const { morning, evening, claim } = await setUpDay();
    const other = idOf(await evening());
    const own = idOf(await morning());
    const last = idOf(await morning());
    for (const id of [other, own]) expect(await claim()).toMatchObject({ id });
    expect(await claim()).toMatchObject({ id: last, waitsFor: own, isPredecessorHeld: false });
  });
});

test('a correction of the last day that there is finds its order', async () => {
  const { post, claim, map, forwardings } = await setUpForwardings();
  await map('M1');
  const { transaction } = await post({ sets: [{}] });
  await forwardings.moveForwarding((await claim()).id, person);
  const end = Date.UTC(9999, 11, 31, 12);
  const last = await post({
    corrects: transaction,
    sets: [{ periodStartAt: end - hourMs, periodEndAt: end }],
  });
  expect(await claim()).toMatchObject({ transaction: last.transaction, waitsFor: null, overtakenBy: null });
});

describe('the order of corrections', () => {
  test('does not matter any more for what was sent: nobody looks for it at a question for its status', async () => {
    const { morning, evening, prepare, send, claim, forwardings } = await setUpDay();
    const first = idOf(await morning());
    await send(await prepare('first'), 'a');
    expect(await claim()).toMatchObject({ id: first });
    await evening();
    await send(await prepare('second'), 'b');
    await forwardings.moveForwarding(first, { state: 'following', reason: '', dueAt: 0 });
    expect(await claim()).toMatchObject({ id: first, overtakenBy: null, waitsFor: null });
  });

  test('is told apart by trade days: what was sent of the next day overtakes nothing', async () => {
    const { morning, tomorrow, prepare, send, claim, forwardings } = await setUpDay();
    const first = idOf(await morning());
    expect(await claim()).toMatchObject({ id: first });
    await tomorrow();
    await send(await prepare('tomorrow'), 'b');
    await forwardings.moveForwarding(first, { state: 'due', reason: '', dueAt: 0 });
    expect(await claim()).toMatchObject({ id: first, overtakenBy: null });
  });
});
