import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../../storage/model/time.ts';
import {
  createPace,
  createTestClock,
  dayStartAt,
  issueUser,
  laterAt,
  makeClient,
  startSimulator,
  toDocument,
  toPem,
  toRows,
} from './mris-setup.ts';

const day = { resourceIds: ['EXAMPL_1_UNIT1'], startAt: dayStartAt, endAt: dayStartAt + dayMs } as const;

describe.each(['plain', 'doc-attach'] as const)('a batch from submit to retrieve, %s', (attachments) => {
  test.each(['sha1', 'sha256'] as const)(
    'received, in process, accepted, held; signed by %s',
    async (signatureHash) => {
      const clock = createTestClock();
      const simulator = await startSimulator({ clock, validationMs: hourMs });
      const client = await makeClient(simulator.url, { attachments, signatureHash, clock });
      const rows = toRows(96);
      const document = toDocument(rows);

      const received = await client.submitMeterData(document, laterAt);
      expect(received).toEqual({
        kind: 'received',
        batchId: '123456789',
        words: 'The submission has been received for validation.',
      });
      expect(await client.batchStatus('123456789')).toEqual({ kind: 'in-process', status: 'IN PROCESS' });
      expect(await client.retrieveMeterData(day)).toEqual({ kind: 'empty' });
      clock.pass(hourMs);
      expect(await client.batchStatus('123456789')).toEqual({ kind: 'success', errors: [] });
      const held = await client.retrieveMeterData(day);
      const updatedAt = clock.now();
      expect(held).toEqual({
        kind: 'readings',
        readings: rows.map((row) => ({
          ...row,
          resourceKind: 'RegisteredGenerator',
          ...(row.isEstimated ? { quality: 'EST' } : {}),
          updatedAt,
        })),
      });
      expect(simulator.holdings()).toEqual([
        expect.objectContaining({
          sha256: createHash('sha256').update(document).digest('hex'),
          bytes: document.length,
          records: 96,
          status: 'success',
          times: 1,
        }),
      ]);
    },
  );

  test('in error, with what was wrong of which resource and interval', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url, { attachments });
    const rows = [...toRows(2), ...toRows(1), ...toRows(1, { resourceId: 'lower' })];
    await client.submitMeterData(toDocument(rows), laterAt);
    const about = { measurementType: 'GEN', resourceKind: 'RegisteredGenerator', priority: 1 };
    expect(await client.batchStatus('123456789')).toEqual({
      kind: 'error',
      errors: [
        {
          message: 'Batch rejected: one or more records failed validation.',
          intervalEndsAt: [],
          priority: 1,
          loggedAt: expect.any(Number),
        },
        {
          ...about,
          message: 'Duplicate interval',
          resourceId: 'EXAMPL_1_UNIT1',
          intervalEndsAt: [dayStartAt + 15 * minuteMs],
          loggedAt: expect.any(Number),
        },
        {
          ...about,
          message: 'Unknown resource identifier',
          resourceId: 'lower',
          intervalEndsAt: [dayStartAt + 15 * minuteMs],
          loggedAt: expect.any(Number),
        },
      ],
    });
    expect(await client.retrieveMeterData(day)).toEqual({ kind: 'empty' });
  });
});

describe('what the ISO does not have', () => {
  test('is no data found, also what is of another user', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    await client.submitMeterData(toDocument(toRows(1)), laterAt);
    const other = await makeClient(simulator.url, { certificate: toPem(await issueUser('OTHERx2')) });
    const nothing = { kind: 'no-data-found', words: 'No data found' };
    expect(await client.batchStatus('1')).toEqual(nothing);
    expect(await other.batchStatus('123456789')).toEqual(nothing);
    expect(await other.retrieveMeterData({ ...day, resourceIds: 'ALL' })).toEqual({ kind: 'empty' });
  });
});

describe('retrieveMeterData()', () => {
  test('asks for what the request says, and gets no more', async () => {
    const clock = createTestClock();
    const simulator = await startSimulator({ clock, scIds: ['SCONE'] });
    const pace = { ...createPace(), takeRetrieve: async () => undefined };
    const client = await makeClient(simulator.url, { clock, pace });
    const load = {
      resourceId: 'LOAD_1',
      measurementType: 'LOAD',
      intervalMinutes: 60,
      endAt: dayStartAt + hourMs,
    };
    await client.submitMeterData(toDocument([...toRows(8), ...toRows(1, load)]), laterAt);
    const count = async (request: object) => {
      clock.pass(minuteMs);
      const outcome = await client.retrieveMeterData({ ...day, resourceIds: 'ALL', ...request });
      return outcome.kind === 'readings' ? outcome.readings.length : outcome;
    };
    expect(await count({})).toBe(9);
    expect(await count({ resourceIds: ['LOAD_1'] })).toBe(1);
    expect(await count({ resourceIds: ['LOAD_1', 'EXAMPL_1_UNIT1'] })).toBe(9);
    expect(await count({ measurementType: 'GEN' })).toBe(8);
    expect(await count({ intervalMinutes: 60 })).toBe(1);
    expect(await count({ scId: 'SCONE' })).toBe(9);
    expect(await count({ startAt: dayStartAt + 15 * minuteMs, endAt: dayStartAt + 30 * minuteMs })).toBe(1);
    expect(await count({ updatedSinceAt: clock.now() })).toEqual({ kind: 'empty' });
    expect(await count({ scId: 'OTHER' })).toEqual({
      kind: 'denied',
      words: 'Invalid role and/or Entity list identifier.',
    });
  });

  test('refuses a request without resources or time before anything is sent', async () => {
    const pace = createPace();
    const client = await makeClient('https://127.0.0.1:1/x', { pace });
    await expect(client.retrieveMeterData({ ...day, resourceIds: [] })).rejects.toThrow(/resourceIds is ""/);
    await expect(client.retrieveMeterData({ ...day, endAt: day.startAt })).rejects.toThrow(/endAt is "2020/);
    expect(pace.recorded).toEqual([]);
  });

  test('over the limit of records it is refused in words', async () => {
    const simulator = await startSimulator({ maxRecords: 3 });
    const client = await makeClient(simulator.url);
    await client.submitMeterData(toDocument(toRows(4)), laterAt);
    expect(await client.retrieveMeterData(day)).toEqual({
      kind: 'refused',
      words: 'The request exceeds the limit of 3 records',
    });
  });
});

describe('submitMeterData()', () => {
  test.each([0, 15_000_000])('refuses a document of %i bytes before anything is sent', async (length) => {
    const client = await makeClient('https://127.0.0.1:1/x');
    await expect(client.submitMeterData(Buffer.alloc(length), laterAt)).rejects.toThrow(
      /expected 1 to 14999999 bytes/,
    );
  });

  test('sends nothing once its deadline is over', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    expect(await client.submitMeterData(toDocument(toRows(1)), Date.now())).toMatchObject({
      kind: 'unavailable',
    });
    expect(simulator.holdings()).toEqual([]);
  });
});

describe('createMrisClient()', () => {
  test.each(['http://ws.caiso.com', 'https://ws.caiso.com/?x=1', 'nowhere'])(
    'refuses the address %s',
    async (url) => {
      await expect(makeClient(url)).rejects.toThrow(/Cannot reach MRI-S: url is/);
    },
  );

  test('once closed, everything is unavailable', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    await client.close();
    expect(await client.batchStatus('1')).toMatchObject({ kind: 'unavailable' });
    expect(await client.submitMeterData(toDocument(toRows(1)), laterAt)).toMatchObject({
      kind: 'unavailable',
    });
  });
});
