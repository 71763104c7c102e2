import { beforeAll, expect, test } from 'vitest';
import type { OmarClient } from '../../../bridge/omar/outcomes.ts';
import type { OmarFaultInput } from '../../../bridge/simulator/omar/faults.ts';
import type { OmarSimulator } from '../../../bridge/simulator/omar.ts';
import { validationTexts } from '../../../bridge/simulator/validation-texts.ts';
import { hourMs } from '../../../storage/model/time.ts';
import { createTestClock } from '../../support/store.ts';
import { laterAt, makeClient, startSimulator, toCsv } from './omar-setup.ts';

/** What the client makes of a fault at each kind of request, and whether an upload that it befalls is kept. */
type Expected = Readonly<Record<'upload' | 'status' | 'errors', string>> & { readonly isKept: boolean };

const unrecognised = { upload: 'unrecognised', status: 'unrecognised', errors: 'unrecognised' };
const unavailable = { upload: 'unknown', status: 'unavailable', errors: 'unavailable' };

const table: readonly (readonly [OmarFaultInput['fault'], Expected])[] = [
  ['maintenance', { ...unavailable, isKept: false }],
  ['busy', { ...unavailable, isKept: false }],
  ['policy-429', { ...unavailable, isKept: false }],
  ['policy-200', { ...unrecognised, isKept: false }],
  ['forbidden', { ...unrecognised, isKept: false }],
  ['not-found', { ...unrecognised, isKept: false }],
  ['unknown-page', { ...unrecognised, isKept: true }],
  ['new-layout', { ...unrecognised, isKept: true }],
  ['damaged-html', { upload: 'received', status: 'listed', errors: 'listed', isKept: true }],
  ['duplicate-rows', { upload: 'received', status: 'unrecognised', errors: 'listed', isKept: true }],
];

const clock = createTestClock();
let simulator: OmarSimulator;
let client: OmarClient;
let fileId: string;

beforeAll(async () => {
  simulator = await startSimulator({ clock });
  client = await makeClient(simulator.url, { clock });
  const received = await client.upload('first.csv', toCsv(1), laterAt);
  fileId = received.kind === 'received' ? received.fileId : '';
});

test.each(table)('%s', async (fault, { isKept, ...expected }) => {
  const before = simulator.holdings().length;
  const arm = (kind: OmarFaultInput['kind']) => simulator.faults.arm({ fault, kind, times: 1 });
  arm('upload');
  const upload = await client.upload(`${fault}.csv`, toCsv(1), laterAt);
  expect(simulator.holdings().length - before).toBe(isKept ? 1 : 0);
  arm('status');
  const status = await client.status(fileId);
  arm('errors');
  const errors = await client.errors(fileId);
  expect({ upload: upload.kind, status: status.kind, errors: errors.kind }).toEqual(expected);
  expect(simulator.faults.armed()).toEqual([]);
});

test('wrong-certificate: nothing is sent to a stranger', async () => {
  simulator.faults.arm({ fault: 'wrong-certificate', kind: 'connection', times: 1 });
  const before = simulator.holdings().length;
  expect(await client.upload('stranger.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unavailable' });
  expect(simulator.holdings()).toHaveLength(before);
  expect(await client.upload('stranger.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'received' });
});

const upload = async (name: string) => {
  const received = await client.upload(name, toCsv(2), laterAt);
  if (received.kind !== 'received') throw new Error(received.kind);
  return received.fileId;
};

test('hour-long-validation: an hour later it has ended', async () => {
  simulator.faults.arm({ fault: 'hour-long-validation', kind: 'upload', times: 1 });
  const id = await upload('long.csv');
  clock.advance(hourMs - 1);
  expect(await client.status(id)).toMatchObject({ file: { status: 'Running Validation' } });
  clock.advance(1);
  expect(await client.status(id)).toMatchObject({ file: { status: 'Validation Passed' } });
});

test.each(Object.entries(validationTexts))('validation-failed %s: %s', async (code, words) => {
  simulator.faults.arm({ fault: 'validation-failed', kind: 'upload', times: 1, code: Number(code) });
  const id = await upload(`failed-${code}.csv`);
  expect(await client.status(id)).toMatchObject({ file: { status: 'Validation Failed' } });
  expect(await client.errors(id)).toEqual({ kind: 'listed', errors: [{ words, occurrences: 1 }] });
});
