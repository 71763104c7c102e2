import { beforeAll, describe, expect, test } from 'vitest';
import type { MrisClient } from '../../../bridge/mris/outcomes.ts';
import type { MrisFaultInput } from '../../../bridge/simulator/mris/faults.ts';
import type { MrisSimulator } from '../../../bridge/simulator/mris.ts';
import { validationTexts } from '../../../bridge/simulator/validation-texts.ts';
import { dayMs, hourMs } from '../../../storage/model/time.ts';
import {
  createPace,
  createTestClock,
  dayStartAt,
  laterAt,
  makeClient,
  startSimulator,
  toDocument,
  toRows,
} from './mris-setup.ts';

const document = toDocument(toRows(2));
const day = { resourceIds: 'ALL', startAt: dayStartAt, endAt: dayStartAt + dayMs } as const;
const unknown = { kind: 'unknown' };
const unavailable = { kind: 'unavailable' };
const unrecognised = { kind: 'unrecognised' };
const received = { kind: 'received' };
const readings = { kind: 'readings' };
const success = { kind: 'success' };
const policy = { kind: 'rate-limited', waitMs: 31_000, isSent: true };
const denied = (words: RegExp) => ({ kind: 'denied', words: expect.stringMatching(words) });

/** What each fault makes of each service; `held`: whether the batch of that submit is there afterwards. */
const table: readonly (readonly [
  MrisFaultInput['fault'],
  { submit: object; held: boolean; status: object; retrieve: object },
])[] = [
  ['cut-before-accept', { submit: unknown, held: false, status: unavailable, retrieve: unavailable }],
  ['cut-after-accept', { submit: unknown, held: true, status: unavailable, retrieve: unavailable }],
  ['lost-answer', { submit: unknown, held: true, status: unavailable, retrieve: unavailable }],
  ['slow', { submit: received, held: true, status: success, retrieve: readings }],
  ['late-accept', { submit: received, held: true, status: success, retrieve: readings }],
  ['maintenance', { submit: unknown, held: false, status: unavailable, retrieve: unavailable }],
  [
    'busy',
    {
      submit: { ...unknown, waitMs: 120_000 },
      held: false,
      status: { ...unavailable, waitMs: 120_000 },
      retrieve: { ...unavailable, waitMs: 120_000 },
    },
  ],
  [
    'forbidden',
    {
      submit: denied(/^HTTP 403: You are not authorized/),
      held: false,
      status: denied(/^HTTP 403/),
      retrieve: denied(/^HTTP 403/),
    },
  ],
  [
    'not-found',
    { submit: denied(/^HTTP 404/), held: false, status: denied(/^HTTP 404/), retrieve: denied(/^HTTP 404/) },
  ],
  ['policy-429', { submit: policy, held: false, status: policy, retrieve: policy }],
  ['policy-200', { submit: policy, held: false, status: policy, retrieve: policy }],
  ['policy-fault', { submit: policy, held: false, status: policy, retrieve: policy }],
  [
    'error-document',
    { submit: unrecognised, held: false, status: denied(/^Invalid role/), retrieve: denied(/^Invalid role/) },
  ],
  ['bare-fault', { submit: unknown, held: true, status: unavailable, retrieve: unavailable }],
  ['unknown-page', { submit: unrecognised, held: true, status: unrecognised, retrieve: unrecognised }],
  ['cut-attachment', { submit: received, held: true, status: unrecognised, retrieve: unrecognised }],
  ['duplicate-rows', { submit: received, held: true, status: success, retrieve: readings }],
  ['soap-env-prefix', { submit: received, held: true, status: success, retrieve: readings }],
  ['output-2006', { submit: received, held: true, status: success, retrieve: readings }],
  ['hour-long-validation', { submit: received, held: true, status: success, retrieve: readings }],
];

describe.each(['plain', 'doc-attach'] as const)('faults, %s', (attachments) => {
  const clock = createTestClock();
  let simulator: MrisSimulator;
  let client: MrisClient;
  /** For the fault that only the end of patience ends. */
  let hasty: MrisClient;

  beforeAll(async () => {
    simulator = await startSimulator({ clock });
    const pace = { ...createPace(), takeRetrieve: async () => undefined };
    client = await makeClient(simulator.url, { attachments, clock, pace });
    const patience = { requestTimeoutMs: 1_500, submitTimeoutMs: 1_500 };
    hasty = await makeClient(simulator.url, { attachments, clock, pace, ...patience });
    await client.submitMeterData(document, laterAt);
  });

  const arm = (fault: MrisFaultInput['fault'], kind: MrisFaultInput['kind']) =>
    simulator.faults.arm({ fault, kind, times: 1, delayMs: 50 });

  test.each(table)('%s', async (fault, expected) => {
    const asking = fault === 'lost-answer' ? hasty : client;
    const before = simulator.holdings().length;
    arm(fault, 'submit');
    expect(await asking.submitMeterData(document, laterAt)).toMatchObject(expected.submit);
    expect(simulator.holdings().length - before).toBe(expected.held ? 1 : 0);
    arm(fault, 'status');
    expect(await asking.batchStatus('123456789')).toMatchObject(expected.status);
    arm(fault, 'retrieve');
    clock.pass(hourMs);
    const outcome = await asking.retrieveMeterData(day);
    expect(outcome).toMatchObject(expected.retrieve);
    if (outcome.kind === 'readings') expect(outcome.readings).toHaveLength(2);
    expect(simulator.faults.armed()).toEqual([]);
  });

  test('wrong-certificate: nothing is sent to a stranger', async () => {
    const before = simulator.holdings().length;
    simulator.faults.arm({ fault: 'wrong-certificate', kind: 'connection', times: 2 });
    const why = expect.stringMatching(/unable to verify the first certificate/);
    expect(await client.submitMeterData(document, laterAt)).toEqual({ kind: 'unavailable', why });
    expect(await client.batchStatus('123456789')).toEqual({ kind: 'unavailable', why });
    expect(simulator.holdings()).toHaveLength(before);
    expect(await client.batchStatus('123456789')).toMatchObject(success);
  });

  test('hour-long-validation: in process for an hour', async () => {
    arm('hour-long-validation', 'submit');
    const outcome = await client.submitMeterData(document, laterAt);
    if (outcome.kind !== 'received') throw new Error(outcome.kind);
    clock.pass(hourMs - 1);
    expect(await client.batchStatus(outcome.batchId)).toMatchObject({ kind: 'in-process' });
    clock.pass(1);
    expect(await client.batchStatus(outcome.batchId)).toMatchObject(success);
  });

  test('output-2006: the words of a fault are found in its old form', async () => {
    arm('output-2006', 'status');
    expect(await client.batchStatus('1')).toEqual({ kind: 'no-data-found', words: 'No data found' });
  });

  test.each(Object.entries(validationTexts))('validation-error %s: %s', async (code, message) => {
    simulator.faults.arm({ fault: 'validation-error', kind: 'submit', times: 1, code: Number(code) });
    const outcome = await client.submitMeterData(document, laterAt);
    if (outcome.kind !== 'received') throw new Error(outcome.kind);
    expect(await client.batchStatus(outcome.batchId)).toMatchObject({
      kind: 'error',
      errors: [{ intervalEndsAt: [] }, { message, resourceId: 'EXAMPL_1_UNIT1', measurementType: 'GEN' }],
    });
  });
});

test('wrong-hash: an attachment that is not the one announced is never read', async () => {
  const simulator = await startSimulator();
  const client = await makeClient(simulator.url);
  await client.submitMeterData(document, laterAt);
  for (const kind of ['status', 'retrieve'] as const) {
    simulator.faults.arm({ fault: 'wrong-hash', kind, times: 1 });
  }
  const page = { why: expect.stringMatching(/does not have its hash/) };
  expect(await client.batchStatus('123456789')).toMatchObject({ kind: 'unrecognised', page });
  expect(await client.retrieveMeterData(day)).toMatchObject({ kind: 'unrecognised', page });
});

test('what is not recognised is kept with its bytes, and equal pages have equal fingerprints', async () => {
  const simulator = await startSimulator();
  const client = await makeClient(simulator.url);
  simulator.faults.arm({ fault: 'unknown-page', kind: 'status', times: 2 });
  const [first, second] = [await client.batchStatus('1'), await client.batchStatus('2')];
  if (first.kind !== 'unrecognised' || second.kind !== 'unrecognised') throw new Error(first.kind);
  expect(Buffer.from(first.page.bytes).toString()).toContain('Processing continues');
  expect(first.page).toMatchObject({ pageKind: 'status', httpStatus: 200 });
  expect(second.page.fingerprint).toBe(first.page.fingerprint);
});

test('a batch with errors is accepted in part where the ISO does so', async () => {
  const simulator = await startSimulator({ isPartial: true });
  const client = await makeClient(simulator.url);
  await client.submitMeterData(toDocument([...toRows(3), ...toRows(1, { resourceId: 'no_such' })]), laterAt);
  expect(await client.batchStatus('123456789')).toMatchObject({
    kind: 'error',
    errors: [{ resourceId: 'no_such' }],
  });
  expect(await client.retrieveMeterData(day)).toMatchObject({ readings: { length: 3 } });
});
