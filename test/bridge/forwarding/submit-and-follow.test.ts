import { describe, expect, test } from 'vitest';
import { createMrisWay } from '../../../bridge/forwarding/mris/create-mris-way.ts';
import { createOmarWay } from '../../../bridge/forwarding/omar/create-omar-way.ts';
import type { StepResult } from '../../../bridge/forwarding/step-context.ts';
import type { MrisClient } from '../../../bridge/mris/outcomes.ts';
import type { UnrecognisedPage, UploadOutcome } from '../../../bridge/omar/outcomes.ts';
import { getOmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import type { Sha256 } from '../../../storage/model/sha256.ts';
import { account, toPartText } from '../../storage/forwardings/forwarding-setup.ts';
import { mapping } from '../mris/mris-setup.ts';
import { makeClient } from '../omar/omar-setup.ts';
import { settings, setUpSteps, toListed } from './step-setup.ts';

const page: UnrecognisedPage = {
  pageKind: 'upload',
  httpStatus: 200,
  contentType: 'text/html',
  why: 'no table',
  bytes: Buffer.from('<html>?</html>'),
  fingerprint: 'f'.repeat(64) as Sha256,
};

async function setUpPrepared() {
  const setup = await setUpSteps();
  await setup.post({ format: 'omar-csv', isoAccount: account });
  const { forwarding, part } = await setup.prepare();
  const now = setup.store.clock.now();
  await setup.forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt: now });
  return { ...setup, id: forwarding.id, bytes: part.file.bytes };
}

test('while the clock is off nothing is sent; by itself it goes on when the clock is right', async () => {
  const { id, step, find, answers, store, bytes } = await setUpPrepared();
  const words = "this machine's clock is 75.0 seconds behind, more than 60 (chrony)";
  const off = { kind: 'off', offsetMs: -75_000, measuredAt: 1, words } as const;
  await step({ clockWatch: { state: () => off } });
  expect(await find(id)).toMatchObject({
    state: 'prepared',
    reason: `waits until the clock is right: ${words}`,
    dueAt: store.clock.now() + settings.recheckMs,
    parts: [{ submissions: [] }],
  });
  store.clock.advance(settings.recheckMs);
  answers.upload = async (name) => ({ kind: 'received', fileId: '1', savedAs: `1_${name}`, bytes });
  await step({ clockWatch: { state: () => ({ ...off, kind: 'good', offsetMs: 0 }) } });
  expect(await find(id)).toMatchObject({ state: 'following' });
});

describe('submit', () => {
  const cases: readonly {
    answer: UploadOutcome;
    state: string;
    submission: string;
    reason: RegExp;
    after: number | null;
    result?: StepResult;
  }[] = [
    {
      answer: { kind: 'refused', words: 'Error in File Processing: bad extension' },
      state: 'person',
      submission: 'refused',
      reason: /part 1 was refused by the ISO: Error in File Processing: bad extension/,
      after: null,
    },
    {
      answer: { kind: 'unavailable', why: 'connection refused' },
      state: 'prepared',
      submission: 'absent',
      reason: /^connection refused$/,
      after: settings.backoff.firstMs,
      result: 'unavailable',
    },
    {
      answer: { kind: 'session-ended', why: 'asked to log in twice' },
      state: 'prepared',
      submission: 'absent',
      reason: /asked to log in/,
      after: settings.backoff.firstMs,
      result: 'unavailable',
    },
    {
      answer: { kind: 'unknown', why: 'the connection was cut' },
      state: 'unknown',
      submission: 'unknown',
      reason: /no longer be under way/,
      after: settings.uploadDeadlineMs + settings.marginMs,
      result: 'unavailable',
    },
    {
      answer: { kind: 'unrecognised', page },
      state: 'unknown',
      submission: 'unknown',
      reason: /no longer be under way/,
      after: settings.uploadDeadlineMs + settings.marginMs,
    },
  ];

  test.each(cases)(
    '$answer.kind: $state',
    async ({ answer, state, submission, reason, after, result = 'done' }) => {
      const { answers, step, find, id, store } = await setUpPrepared();
      answers.upload = async () => answer;
      expect(await step()).toBe(result);
      const found = await find(id);
      expect(found).toMatchObject({ state, parts: [{ submissions: [{ attempt: 1, state: submission }] }] });
      expect(found.reason).toMatch(reason);
      expect(found.dueAt).toBe(after === null ? null : store.clock.now() + after);
      await store.expectSound();
    },
  );

  test('what the client refuses before a byte is sent is for a person, with nothing to look for at the ISO', async () => {
    const { step, find, id, store } = await setUpPrepared();
    const iso = createOmarWay(await makeClient('https://127.0.0.1:1'));
    const withoutLimit = {
      ...iso,
      send: (name: string, _: Uint8Array, at: number) => iso.send(name, new Uint8Array(500_000), at),
    };
    expect(await step({ iso: withoutLimit })).toBe('done');
    const words = 'Cannot upload to OMAR-Online: bytes is "500000", expected 1 to 499999 bytes';
    expect(await find(id)).toMatchObject({
      state: 'person',
      reason: `part 1 cannot be sent: ${words}`,
      parts: [{ submissions: [{ state: 'refused', words: `nothing was sent: ${words}` }] }],
    });
    await store.expectSound();
  });

  test('another size than was sent is a fault, not a success', async () => {
    const { answers, step, find, id, bytes } = await setUpPrepared();
    answers.upload = async () => ({ kind: 'received', fileId: '9', savedAs: '9_x', bytes: bytes - 1 });
    await step();
    const found = await find(id);
    expect(found.state).toBe('person');
    expect(found.reason).toContain(`received ${bytes - 1} bytes of ${bytes}`);
  });

  test('sends nothing when its time is over before it begins, as after a stop', async () => {
    const { step, find, id, store } = await setUpPrepared();
    let monotonicMs = 0;
    const late = () => {
      monotonicMs += settings.uploadDeadlineMs;
      return monotonicMs;
    };
    expect(await step({ monotonicMs: late })).toBe('unavailable');
    expect((await find(id)).parts[0]?.submissions).toMatchObject([{ state: 'absent' }]);
    await store.expectSound();
  });

  test('an outage throws nothing away: each try has a name of its own, and after a while a person should look', async () => {
    const { answers, step, find, id, store } = await setUpPrepared();
    const names: string[] = [];
    answers.upload = async (name) => {
      names.push(name);
      return { kind: 'unavailable', why: 'connection refused' };
    };
    for (let failures = 0; failures < 3; failures += 1) {
      await step({ failures });
      store.clock.set((await find(id)).dueAt ?? 0);
    }
    store.clock.advance(settings.attentionMs);
    await step({ failures: 9 });
    const found = await find(id);
    expect(found.reason).toMatch(/^a person should look: no progress since 20.*: connection refused$/);
    expect(found.dueAt).toBe(store.clock.now() + settings.backoff.maxMs);
    expect(new Set(names).size).toBe(4);
  });

  test('a page that was not recognised is kept once and stops uploads of the account until staff release it', async () => {
    const { answers, step, find, forwardings, told, store, post, id } = await setUpPrepared();
    answers.upload = async () => ({ kind: 'unrecognised', page });
    await step();
    expect(told).toHaveLength(1);
    const [stop] = await forwardings.listStops(account);
    expect(stop).toMatchObject({ kind: 'upload', why: 'HTTP 200: no table' });

    delete answers.upload;
    const { forwardings: created } = await post({ format: 'omar-csv', isoAccount: account });
    const other = created[0]?.id ?? 0;
    const claimed = await forwardings.claimForwarding(account, 'omar', store.clock.now() + 1_000);
    const file = (await find(id)).parts[0]?.file;
    if (claimed === undefined || file === undefined) throw new Error('the second forwarding is not there');
    const move = { state: 'prepared' as const, reason: '', dueAt: store.clock.now() };
    await forwardings.recordParts(other, [{ number: 1, file, extension: 'csv', records: 1 }], {}, move);
    await step();
    expect((await find(other)).reason).toContain('upload work of this account is stopped');
    await forwardings.releaseStop(stop?.id ?? 0, 'staff', 'seen');
    answers.upload = async () => ({ kind: 'unrecognised', page });
    store.clock.advance(settings.recheckMs);
    await step();
    expect(await forwardings.listStops(account)).toEqual([stop]);
    await store.expectSound();
  });
});

describe('follow', () => {
  test('asks at the set delays; overdue is said, and it stays followed', async () => {
    const { sendOne, answers, step, find, store } = await setUpSteps();
    const { id, isoName } = await sendOne();
    expect((await find(id)).dueAt).toBe(store.clock.now() + 60_000);
    answers.status = async (fileId) => ({ kind: 'listed', file: toListed({ fileId, name: isoName }) });
    for (const delayMs of [120_000, 120_000]) {
      store.clock.set((await find(id)).dueAt ?? 0);
      await step();
      expect((await find(id)).dueAt).toBe(store.clock.now() + delayMs);
    }
    store.clock.advance(settings.overdueMs);
    await step();
    const found = await find(id);
    expect(found).toMatchObject({ state: 'following', dueAt: store.clock.now() + 120_000 });
    expect(found.reason).toBe(`overdue at the ISO: ${isoName}, Running Validation`);
  });

  test.each([
    [
      'another record count',
      { status: 'Validation Passed', records: 2 } as const,
      'person',
      /read 2 records of 1/,
    ],
    [
      'no record count',
      { status: 'Validation Passed', records: undefined } as const,
      'person',
      /read an unknown number of records/,
    ],
    [
      'the record count that was sent',
      { status: 'Validation Passed', records: 1 } as const,
      'accepted',
      /^$/,
    ],
    [
      'the name of something else',
      { status: 'Validation Passed', name: 'other.csv' } as const,
      'person',
      /as other\.csv/,
    ],
  ])('passed, with %s: %s', async (_, listed, state, reason) => {
    const { sendOne, answers, step, find, store } = await setUpSteps();
    const { id, isoName } = await sendOne();
    answers.status = async (fileId) => ({
      kind: 'listed',
      file: toListed({ fileId, name: isoName, ...listed }),
    });
    store.clock.advance(60_000);
    await step();
    const found = await find(id);
    expect(found.state).toBe(state);
    expect(found.reason).toMatch(reason);
    await store.expectSound();
  });

  test('not listed is never success', async () => {
    const { sendOne, answers, step, find, store } = await setUpSteps();
    const { id } = await sendOne();
    answers.status = async () => ({ kind: 'absent' });
    store.clock.advance(settings.overdueMs + 1);
    await step();
    expect(await find(id)).toMatchObject({
      state: 'following',
      reason: expect.stringContaining('the ISO does not list the file'),
      parts: [{ submissions: [{ state: 'sent', polls: 1 }] }],
    });
  });

  test.each(['Validation Failed', 'Validation Error'] as const)(
    '%s: rejected, with the words of the ISO',
    async (status) => {
      const { sendOne, answers, step, find, store } = await setUpSteps();
      const { id, isoName } = await sendOne();
      answers.status = async (fileId) => ({
        kind: 'listed',
        file: toListed({ fileId, name: isoName, status }),
      });
      answers.errors = async () => ({
        kind: 'listed',
        errors: [{ words: 'Duplicate interval', occurrences: 3 }],
      });
      store.clock.advance(60_000);
      await step();
      expect(await find(id)).toMatchObject({
        state: 'rejected',
        dueAt: null,
        reason: `part 1: ${status}: Duplicate interval (3)`,
      });
      await store.expectSound();
    },
  );

  test('a rejection counts also when its details cannot be read; their page is kept', async () => {
    const { sendOne, answers, step, find, store, forwardings } = await setUpSteps();
    const { id, isoName } = await sendOne();
    const file = toListed({ fileId: '528527', name: isoName, status: 'Validation Failed' });
    answers.status = async () => ({ kind: 'listed', file });
    answers.errors = async () => ({ kind: 'unrecognised', page: { ...page, pageKind: 'errors' } });
    store.clock.advance(60_000);
    await step();
    expect(await find(id)).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('not recognised'),
    });
    expect(await forwardings.listStops(account)).toMatchObject([{ kind: 'errors' }]);
  });

  test('a failed upload is sent again under a new name, but not without end', async () => {
    const { sendOne, answers, step, find, store } = await setUpSteps();
    const { id, isoName } = await sendOne();
    let name = isoName;
    answers.errors = async () => ({ kind: 'listed', errors: [] });
    answers.status = async (fileId) => ({
      kind: 'listed',
      file: toListed({ fileId, name, status: 'Upload Error' }),
    });
    const upload = answers.upload;
    answers.upload = async (...args) => {
      name = args[0];
      return upload?.(...args) ?? Promise.reject(new Error('no upload'));
    };
    const states: string[] = [];
    for (let steps = 0; steps < 5; steps += 1) {
      const { state, dueAt } = await find(id);
      states.push(state);
      store.clock.set(dueAt ?? 0);
      await step();
    }
    expect(states).toEqual(['following', 'prepared', 'following', 'prepared', 'following']);
    expect(await find(id)).toMatchObject({
      state: 'person',
      parts: [
        { submissions: [{ state: 'refused' }, { state: 'refused' }, { state: 'refused', attempt: 3 }] },
      ],
    });
    await store.expectSound();
  });
});

test('MRI-S: what the ISO says about one batch holds up neither the others nor the account', async () => {
  const { post, claim, keep, step, find, forwardings, store } = await setUpSteps();
  await post({ format: 'omar-csv', isoAccount: account });
  const { id } = await claim();
  const files = await Promise.all(['one', 'two'].map(keep));
  const parts = files.map((file, at) => ({ number: at + 1, file, extension: 'xml' as const, records: 1 }));
  await forwardings.recordParts(id, parts, {}, { state: 'prepared', reason: '', dueAt: store.clock.now() });
  let batches = 0;
  const client = {
    submitMeterData: async () => {
      batches += 1;
      return { kind: 'received', batchId: `b${batches}`, words: '' };
    },
    batchStatus: async (batchId: string) =>
      batchId === 'b1' ? { kind: 'refused', words: 'Batch is archived' } : { kind: 'success', errors: [] },
  } as unknown as MrisClient;
  const deps = { client, format: mapping.meterData, scId: 'SC1', validationMs: 0, clockMarginMs: 0 };
  const iso = createMrisWay({ ...deps, environment: 'simulator' });
  for (const _ of parts) await step({ iso });
  store.clock.set((await find(id)).dueAt ?? 0);
  expect(await step({ iso })).toBe('done');
  const found = await find(id);
  expect(found).toMatchObject({ state: 'following', dueAt: store.clock.now() + 120_000 });
  expect(found.parts.flatMap(({ submissions }) => submissions)).toMatchObject([
    { state: 'sent', words: 'the ISO says about batch b1: Batch is archived' },
    { state: 'accepted' },
  ]);
  await store.expectSound();
});

test('a part in another layout than the ISO is said to take now is not sent', async () => {
  const { post, prepare, step, find, forwardings, store } = await setUpSteps();
  await post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await prepare();
  await forwardings.moveForwarding(forwarding.id, {
    state: 'prepared',
    reason: '',
    dueAt: store.clock.now(),
  });
  await step({ settings: { ...settings, csvLayout: getOmarCsvLayout('pacific-standard') } });
  const { state, reason, parts } = await find(forwarding.id);
  expect({ state, reason }).toEqual({
    state: 'person',
    reason: 'part 1 is not in layout "pacific-standard", which bridge.csvLayout has now',
  });
  expect(parts[0]?.submissions).toEqual([]);
});

test('a part with a fault hides no other: all are looked at, then a person is asked about every fault', async () => {
  const { post, claim, keep, answers, step, find, forwardings, store } = await setUpSteps();
  await post({ format: 'omar-csv', isoAccount: account });
  const { id } = await claim();
  const files = await Promise.all(['R_1', 'R_2', 'R_3', 'R_4'].map((resource) => keep(toPartText(resource))));
  const parts = files.map((file, at) => ({ number: at + 1, file, extension: 'csv' as const, records: 1 }));
  await forwardings.recordParts(id, parts, {}, { state: 'prepared', reason: '', dueAt: store.clock.now() });
  const names: string[] = [];
  answers.upload = async (name, bytes) => {
    names.push(name);
    return { kind: 'received', fileId: String(names.length), savedAs: name, bytes: bytes.length };
  };
  for (const _ of parts) await step();
  const listed = [
    { status: 'Validation Passed', records: 2 },
    { status: 'Validation Failed' },
    { status: 'Validation Passed', name: 'other.csv' },
    { status: 'Validation Passed' },
  ] as const;
  answers.status = async (fileId) => {
    const at = Number(fileId) - 1;
    return { kind: 'listed', file: toListed({ fileId, name: names[at] ?? '', ...listed[at] }) };
  };
  answers.errors = async () => ({ kind: 'listed', errors: [] });
  store.clock.set((await find(id)).dueAt ?? 0);
  await step();
  const found = await find(id);
  expect(found).toMatchObject({ state: 'person', dueAt: null });
  expect(found.reason).toMatch(/^part 1: the ISO read 2 records of 1; part 3: the ISO lists file 3 as other/);
  expect(found.parts.map(({ submissions }) => submissions.at(-1)?.state)).toEqual([
    'sent',
    'rejected',
    'sent',
    'accepted',
  ]);
  await store.expectSound();
});
