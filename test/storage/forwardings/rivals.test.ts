import { expect, test } from 'vitest';
import { type SubmissionState, submissionStates, type Way } from '../../../storage/model/forwarding.ts';
import { account, setUpForwardings } from './forwarding-setup.ts';

test('other parts that may have reached the ISO since: what is open, and what has changed since', async () => {
  const { store, forwardings, post, prepare, beginSending } = await setUpForwardings();
  const { clock } = store;
  const send = async (state: SubmissionState) => {
    await post({ format: 'omar-csv', isoAccount: account });
    const { forwarding, part } = await prepare(`of ${state} at ${clock.now()}`);
    const { id } = forwarding;
    const submission = await beginSending(forwarding, part);
    const move = { state: 'person' as const, reason: '', dueAt: null };
    await forwardings.recordOutcome(id, submission, { state, words: '' }, move);
    return { id, state, partId: part.id, sha256: part.file.sha256 };
  };
  const early = [];
  for (const state of submissionStates) early.push(await send(state));
  clock.advance(1);
  const sinceAt = clock.now();
  const late: Awaited<ReturnType<typeof send>>[] = [];
  for (const state of submissionStates) late.push(await send(state));
  const [ours] = late;
  const openSinceAt = sinceAt - 1;
  const shown = async (limit = 100, of = account, way: Way = 'omar') => {
    const rival = { partId: ours?.partId ?? 0, sinceAt, openSinceAt, limit };
    return (await forwardings.listRivals(of, way, rival)).map(({ sha256 }) => sha256);
  };
  const isOpen = (state: SubmissionState) => ['intended', 'unknown', 'sent'].includes(state);
  const expected = [
    ...early.filter(({ state }) => isOpen(state)),
    ...late.slice(1).filter(({ state }) => isOpen(state) || state === 'accepted' || state === 'rejected'),
  ];
  expect((await shown()).sort()).toEqual(expected.map(({ sha256 }) => sha256).sort());
  expect(await shown(3)).toHaveLength(3);
  expect(await shown(100, 'another')).toEqual([]);
  expect(await shown(100, account, 'mris')).toEqual([]);

  // Closed by hand, what was open already is one no longer; what changed since is one still.
  for (const { id } of [...early, ...late]) await forwardings.closeForwarding(id, 'staff', 'done by hand');
  const lately = new Set(late.map(({ partId }) => partId));
  const ended = expected.filter(({ partId }) => lately.has(partId));
  expect((await shown()).sort()).toEqual(ended.map(({ sha256 }) => sha256).sort());
  await store.expectSound();
});
