import { expect, test } from 'vitest';
import { createPacedRetrieve } from '../../../bridge/mris/paced-retrieve.ts';
import { dayMs } from '../../../storage/model/time.ts';
import {
  createPace,
  createTestClock,
  dayStartAt,
  makeClient,
  mapping,
  startSimulator,
} from './mris-setup.ts';

const day = { resourceIds: 'ALL', startAt: dayStartAt, endAt: dayStartAt + dayMs } as const;

test('is never early, says how long to wait, and sends nothing before', async () => {
  const clock = createTestClock();
  const simulator = await startSimulator({ clock });
  const client = await makeClient(simulator.url, { clock });
  expect(await client.retrieveMeterData(day)).toEqual({ kind: 'empty' });
  simulator.faults.arm({ fault: 'cut-before-accept', kind: 'retrieve', times: 1 });
  expect(await client.retrieveMeterData(day)).toEqual({
    kind: 'rate-limited',
    waitMs: 31_000,
    isSent: false,
  });
  clock.pass(30_999);
  expect(await client.retrieveMeterData(day)).toEqual({ kind: 'rate-limited', waitMs: 1, isSent: false });
  expect(simulator.faults.armed()).toHaveLength(1);
  simulator.faults.clear();
  clock.pass(1);
  expect(await client.retrieveMeterData(day)).toEqual({ kind: 'empty' });
});

test('the time holds for every client of the user', async () => {
  const clock = createTestClock();
  const simulator = await startSimulator({ clock });
  const pace = createPace();
  const one = await makeClient(simulator.url, { clock, pace });
  const other = await makeClient(simulator.url, { clock, pace });
  await one.retrieveMeterData(day);
  expect(await other.retrieveMeterData(day)).toMatchObject({ kind: 'rate-limited', isSent: false });
});

test('when the ISO says that it was early, the time begins anew, also at the ISO', async () => {
  const clock = createTestClock();
  const simulator = await startSimulator({ clock });
  const stranger = await makeClient(simulator.url, { clock });
  const client = await makeClient(simulator.url, { clock });
  await stranger.retrieveMeterData(day);
  clock.pass(29_999);
  expect(await client.retrieveMeterData(day)).toEqual({ kind: 'rate-limited', waitMs: 31_000, isSent: true });
  clock.pass(29_999);
  const third = await makeClient(simulator.url, { clock });
  expect(await third.retrieveMeterData(day)).toMatchObject({ kind: 'rate-limited', isSent: true });
  clock.pass(31_000);
  expect(await client.retrieveMeterData(day)).toEqual({ kind: 'empty' });
});

test('submit and status are not limited', async () => {
  const clock = createTestClock();
  const simulator = await startSimulator({ clock });
  const client = await makeClient(simulator.url, { clock });
  for (let at = 0; at < 3; at++) {
    expect(await client.batchStatus('1')).toMatchObject({ kind: 'no-data-found' });
  }
});

test('overlapping retrieves wait for one another: only one is sent', async () => {
  const simulator = await startSimulator();
  const client = await makeClient(simulator.url);
  const outcomes = await Promise.all([client.retrieveMeterData(day), client.retrieveMeterData(day)]);
  expect(outcomes).toMatchObject([{ kind: 'empty' }, { kind: 'rate-limited', isSent: false }]);
});

test('a longer Retry-After is kept', async () => {
  const clock = createTestClock();
  const simulator = await startSimulator({ clock });
  const client = await makeClient(simulator.url, { clock });
  simulator.faults.arm({ fault: 'busy', kind: 'retrieve', times: 1 });
  expect(await client.retrieveMeterData(day)).toMatchObject({ kind: 'unavailable', waitMs: 120_000 });
  clock.pass(60_000);
  expect(await client.retrieveMeterData(day)).toEqual({
    kind: 'rate-limited',
    waitMs: 60_000,
    isSent: false,
  });
});

test('what is recorded before a request counts from its latest possible arrival, after it from its end', async () => {
  const clock = createTestClock(1_000_000);
  const pace = createPace();
  const asked: number[] = [];
  const retrieve = createPacedRetrieve({
    pace,
    clock,
    mapping,
    requestTimeoutMs: 10_000,
    ask: async (_body, sendBeforeAt) => {
      asked.push(sendBeforeAt);
      expect(pace.recorded).toEqual([1_000_000 + 10_000 + 31_000]);
      clock.pass(4_000);
      return { kind: 'cut', why: 'test' };
    },
  });
  expect(await retrieve('')).toEqual({ kind: 'unavailable', why: 'test' });
  expect(asked).toEqual([1_010_000]);
  expect(pace.recorded.at(-1)).toBe(1_004_000 + 31_000);
});

test('what was never sent does not count', async () => {
  const clock = createTestClock();
  const client = await makeClient('https://127.0.0.1:1/sst/stlmt', { clock });
  expect(await client.retrieveMeterData(day)).toMatchObject({ kind: 'unavailable' });
  expect(await client.retrieveMeterData(day)).toMatchObject({ kind: 'unavailable' });
});

test('a failure to record keeps the request from being sent, and the next one from hanging', async () => {
  const simulator = await startSimulator();
  const pace = { ...createPace(), takeRetrieve: async () => Promise.reject(new Error('disk full')) };
  const client = await makeClient(simulator.url, { pace });
  simulator.faults.arm({ fault: 'slow', kind: 'retrieve', times: 1 });
  await expect(client.retrieveMeterData(day)).rejects.toThrow('disk full');
  await expect(client.retrieveMeterData(day)).rejects.toThrow('disk full');
  expect(simulator.faults.armed()).toHaveLength(1);
});
