import { describe, expect, test } from 'vitest';
import type { OmarFile } from '../../../bridge/omar/outcomes.ts';
import { hourMs } from '../../../storage/model/time.ts';
import { account } from '../../storage/forwardings/forwarding-setup.ts';
import { settings, setUpSteps, toListed } from './step-setup.ts';

/** A forwarding whose upload had no answer, and, if wanted, one sent later as file 528527. */
async function setUpUnknown({ withLater = true } = {}) {
  const setup = await setUpSteps();
  const { store, answers, step, forwardings } = setup;
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await setup.prepare();
  await forwardings.moveForwarding(forwarding.id, {
    state: 'prepared',
    reason: '',
    dueAt: store.clock.now(),
  });
  let isoName = '';
  answers.upload = async (name) => {
    isoName = name;
    return { kind: 'unknown', why: 'the connection was cut' };
  };
  await step();
  store.clock.advance(settings.uploadDeadlineMs + 1);
  const later = withLater ? await setup.sendOne() : undefined;
  store.clock.advance(settings.marginMs);
  delete answers.upload;
  let walks = 0;
  const listAs = (...lists: readonly (readonly OmarFile[])[]) => {
    answers.walk = async () => {
      walks += 1;
      return { kind: 'listed', files: lists[walks - 1] ?? lists.at(-1) ?? [] };
    };
  };
  const sentinel = toListed({ fileId: '528527', name: later?.isoName ?? '' });
  return { ...setup, id: forwarding.id, isoName, sentinel, listAs, walks: () => walks };
}

describe('reconcile', () => {
  test('proves an absence by two walks a quiet time apart that both show a later file; then it is sent again', async () => {
    const { step, find, id, listAs, sentinel, walks, store } = await setUpUnknown();
    listAs([sentinel]);
    const before = store.clock.now();
    await step();
    expect([walks(), store.clock.now() - before]).toEqual([2, settings.quietMs]);
    expect(await find(id)).toMatchObject({
      state: 'prepared',
      dueAt: store.clock.now(),
      parts: [{ submissions: [{ state: 'absent', words: expect.stringContaining('later file 528527') }] }],
    });
    await store.expectSound();
  });

  test.each([
    ['by its name', (name: string) => name],
    ['with the id before it', (name: string) => `77_${name}`],
    ['in other letters, cut', (name: string) => name.toUpperCase().slice(0, -2)],
  ])('finds it %s, also only in the second walk', async (_, toName) => {
    const { step, find, id, isoName, listAs, sentinel, store } = await setUpUnknown();
    listAs([sentinel], [sentinel, toListed({ fileId: '77', name: toName(isoName) })]);
    await step();
    expect(await find(id)).toMatchObject({
      state: 'following',
      parts: [{ submissions: [{ state: 'sent', isoFileId: '77' }] }],
    });
    await store.expectSound();
  });

  test('finds it without any later file', async () => {
    const { step, find, id, isoName, listAs } = await setUpUnknown({ withLater: false });
    listAs([toListed({ fileId: '77', name: isoName })]);
    await step();
    expect((await find(id)).state).toBe('following');
  });

  test.each([
    ['no later file is known', false, /no file is known that was sent later/],
    ['the later file is not shown', true, /the later file 528527 is not in the list either/],
  ])('waits, and in the end asks a person, when %s', async (_, withLater, reason) => {
    const { step, find, id, listAs, store } = await setUpUnknown({ withLater });
    listAs([]);
    await step();
    expect(await find(id)).toMatchObject({ state: 'unknown', dueAt: store.clock.now() + settings.recheckMs });
    expect((await find(id)).reason).toMatch(reason);
    store.clock.advance(settings.sentinelWaitMs);
    await step();
    expect(await find(id)).toMatchObject({ state: 'person', reason: expect.stringMatching(reason) });
  });

  test('a later file that vanishes between the walks proves nothing', async () => {
    const { step, find, id, listAs, sentinel } = await setUpUnknown();
    listAs([sentinel], []);
    await step();
    expect((await find(id)).state).toBe('unknown');
  });

  test.each([
    ['twice under the same name', (name: string) => [name, name]],
    ['as another attempt', (name: string) => [name.replace('1-1-1-', '1-1-2-')]],
    ['with other content', (name: string) => [name.replace(/\w{3}\.csv$/, '000.csv')]],
  ])('what the list shows %s is for a person', async (_, toNames) => {
    const { step, find, id, isoName, listAs, sentinel, told } = await setUpUnknown();
    const files = toNames(isoName).map((name, index) => toListed({ fileId: `7${index}`, name }));
    listAs([sentinel, ...files]);
    await step();
    expect(await find(id)).toMatchObject({
      state: 'person',
      reason: expect.stringContaining('cannot be told'),
    });
    expect(told).toHaveLength(1);
  });

  test('a list that may have stood still proves nothing without a file that was sent earlier', async () => {
    const { step, find, id, answers, sentinel } = await setUpUnknown();
    answers.walk = async () => ({ kind: 'listed', files: [sentinel], isEndDoubtful: true });
    await step();
    expect(await find(id)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('its last page came twice'),
    });
  });

  test('what was on record before it is no later file, whatever the clock said', async () => {
    const setup = await setUpSteps();
    const { store, answers, step, find, forwardings } = setup;
    store.clock.advance(hourMs);
    const earlier = await setup.sendOne();
    store.clock.advance(-hourMs);
    await setup.post({ format: 'omar-csv', isoAccount: account });
    const { forwarding } = await setup.prepare();
    const dueAt = store.clock.now();
    await forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt });
    answers.upload = async () => ({ kind: 'unknown', why: 'the connection was cut' });
    await step();
    store.clock.advance(settings.uploadDeadlineMs + settings.marginMs);
    answers.walk = async () => ({
      kind: 'listed',
      files: [toListed({ fileId: '528527', name: earlier.isoName })],
    });
    await step();
    expect(await find(forwarding.id)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('no file is known that was sent later'),
    });
  });

  test('a walk that cannot be completed is for a person', async () => {
    const { step, find, id, answers } = await setUpUnknown();
    answers.walk = async () => ({ kind: 'incomplete', why: 'more than 400 pages' });
    await step();
    expect(await find(id)).toMatchObject({
      state: 'person',
      reason: expect.stringContaining('more than 400 pages'),
    });
  });

  test('an ISO that cannot be reached is asked again later', async () => {
    const { step, find, id, answers, store } = await setUpUnknown();
    answers.walk = async () => ({ kind: 'unavailable', why: 'HTTP 503' });
    expect(await step()).toBe('unavailable');
    const dueAt = store.clock.now() + settings.backoff.firstMs;
    expect(await find(id)).toMatchObject({ state: 'unknown', reason: 'HTTP 503', dueAt });
  });

  test('a bridge that is told to stop between the walks concludes nothing', async () => {
    const { step, find, id, listAs, sentinel, stop, walks } = await setUpUnknown();
    listAs([sentinel]);
    await step({ wait: async () => stop.abort() });
    expect(walks()).toBe(1);
    expect(await find(id)).toMatchObject({
      state: 'unknown',
      parts: [{ submissions: [{ state: 'unknown' }] }],
    });
  });
});
