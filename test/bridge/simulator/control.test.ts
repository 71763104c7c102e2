import { beforeAll, describe, expect, test } from 'vitest';
import { createOmarFaultMenu } from '../../../bridge/simulator/omar/faults.ts';
import type { OmarSimulator } from '../../../bridge/simulator/omar.ts';
import { laterAt, makeClient, startSimulator, toCsv } from '../omar/omar-setup.ts';

describe('the menu of faults', () => {
  test('counts each fault by the requests of its kind', () => {
    const menu = createOmarFaultMenu([{ fault: 'slow', kind: 'status', times: 1, after: 1, delayMs: 5 }]);
    menu.arm({ fault: 'maintenance', kind: 'status', times: 2 });
    const take = (kind: 'status' | 'upload') => menu.take(kind).map(({ fault }) => fault);
    expect(take('upload')).toEqual([]);
    expect(take('status')).toEqual(['maintenance']);
    expect(take('status')).toEqual(['slow', 'maintenance']);
    expect(menu.armed()).toEqual([]);
    menu.arm({ fault: 'slow', kind: 'upload', times: 1 });
    menu.clear();
    expect(take('upload')).toEqual([]);
  });

  test.each([
    ['fault', { fault: 'fire', kind: 'status', times: 1 }],
    ['kind', { fault: 'slow', kind: 'all', times: 1 }],
    ['times', { fault: 'slow', kind: 'status', times: 0 }],
    ['after', { fault: 'slow', kind: 'status', times: 1, after: -1 }],
    ['fault', { fault: 'slow', kind: 'status', times: 1, often: true }],
    ['kind', { fault: 'wrong-certificate', kind: 'upload', times: 1 }],
    ['kind', { fault: 'slow', kind: 'connection', times: 1 }],
    ['code', { fault: 'validation-failed', kind: 'upload', times: 1, code: 13 }],
  ])('refuses a wrong %s: %j', (at, fault) => {
    expect(() => createOmarFaultMenu([fault as never])).toThrow(
      expect.objectContaining({ code: 'invalid-request', faults: [expect.objectContaining({ at })] }),
    );
  });
});

describe('the control listener', () => {
  let simulator: OmarSimulator;
  const ask = (method: string, path: string, body?: string, type = 'application/json') =>
    fetch(`${simulator.controlUrl}${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': type } }),
    });
  beforeAll(async () => {
    simulator = await startSimulator();
  });

  test('sets, shows and clears faults', async () => {
    const fault = { fault: 'cut-after-accept', kind: 'upload', times: 1 };
    const set = await ask('POST', '/faults', JSON.stringify(fault));
    expect([set.status, await set.json()]).toEqual([
      200,
      [{ ...fault, after: 0, delayMs: 0, length: 40, code: 3 }],
    ]);
    expect(await (await ask('GET', '/faults')).json()).toEqual(simulator.faults.armed());
    const client = await makeClient(simulator.url);
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(await (await ask('GET', '/holdings')).json()).toEqual(simulator.holdings());
    await ask('POST', '/faults', JSON.stringify(fault));
    expect(await (await ask('DELETE', '/faults')).json()).toEqual([]);
  });

  test.each([
    [400, 'POST', '/faults', '{'],
    [400, 'POST', '/faults', '{"fault":"fire"}'],
    [415, 'POST', '/faults', '{}', 'text/plain'],
    [404, 'GET', '/'],
    [404, 'POST', '/holdings', '{}'],
  ])('answers %i to %s %s %s', async (status, method, path, body?: string, type?: string) => {
    const answer = await ask(method, path, body, type);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
  });
});

test('a slow answer is an answer', async () => {
  const simulator = await startSimulator();
  simulator.faults.arm({ fault: 'slow', kind: 'upload', times: 1, delayMs: 200 });
  const client = await makeClient(simulator.url);
  expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'received' });
});
