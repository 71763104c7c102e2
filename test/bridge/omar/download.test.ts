import { describe, expect, test } from 'vitest';
import { type DownloadRequest, downloadShapeSchema } from '../../../bridge/omar/download-shape.ts';
import type { OmarClient } from '../../../bridge/omar/outcomes.ts';
import type { OmarSimulator } from '../../../bridge/simulator/omar.ts';
import { toDownloadSettings } from '../../support/download-shape.ts';
import { laterAt, makeClient, startServer, startSimulator, toCsv } from './omar-setup.ts';

const resourceId = 'EXAMPL_1_UNIT1';
const shape = downloadShapeSchema.parse(toDownloadSettings());
const mdef = downloadShapeSchema.parse(
  toDownloadSettings({
    parameters: { ...shape.parameters, format: 'MDEF' },
    ...{ format: 'mdef', profile: 'pacific-standard', contentType: 'application/octet-stream' },
  }),
);
/** The quarter hours of `toCsv` begin at midnight UTC, 16:00 in California. */
const days: DownloadRequest = { resourceId, from: '2004-02-29', to: '2004-03-01' };

async function setUp(own = shape): Promise<{ simulator: OmarSimulator; client: OmarClient }> {
  const simulator = await startSimulator({ download: own });
  const client = await makeClient(simulator.url, { download: own });
  await client.upload('1.csv', toCsv(96), laterAt);
  return { simulator, client };
}

describe('a download', () => {
  test.each([
    ['CSV', shape],
    ['MDEF', mdef],
  ])('gives what the ISO holds, as %s', async (_, own) => {
    const { client } = await setUp(own);
    const outcome = await client.download(days);
    if (outcome.kind !== 'downloaded') throw new Error(JSON.stringify(outcome));
    expect(outcome.intervals).toHaveLength(96);
    expect(outcome.intervals[1]).toEqual({
      ...{ resourceId, measurementType: 'GEN', isoUnit: 'KWH', isEstimated: false },
      endAt: Date.UTC(2004, 2, 1, 0, 30),
      value: expect.stringMatching(/^1\.250?$/),
    });
    expect(await client.download({ ...days, resourceId: 'OTHER_1' })).toEqual({
      kind: 'downloaded',
      intervals: [],
    });
    const first = await client.download({ ...days, to: '2004-02-29' });
    expect(first.kind === 'downloaded' && first.intervals.length).toBe(32);
  });

  test('is of what holds: what came last, passed and is ours, altered or taken away by hand', async () => {
    const { simulator, client } = await setUp();
    const other = toCsv(1).toString().replace(',0.250,', ',7,E');
    await client.upload('2.csv', Buffer.from(other), laterAt);
    await client.upload('3.csv', Buffer.from(other.replace(',7,', ',x,')), laterAt);
    const by = { resourceId, measurementType: 'GEN', unit: 'KWH', intervalMinutes: 15 };
    simulator.alter({ ...by, end: '2004-03-01T00:30:00Z', value: '9' });
    simulator.alter({ ...by, end: '2004-03-01T00:45:00Z', value: null });
    simulator.alter({ ...by, end: '2004-03-02T01:00:00Z', value: '3' });
    const outcome = await client.download(days);
    if (outcome.kind !== 'downloaded') throw new Error(JSON.stringify(outcome));
    expect(outcome.intervals).toHaveLength(96);
    expect(outcome.intervals.slice(0, 3)).toMatchObject([
      { value: '7', isEstimated: true },
      { value: '9' },
      { value: '3.250' },
    ]);
    expect(outcome.intervals.at(-1)).toMatchObject({ value: '3', endAt: Date.UTC(2004, 2, 2, 1) });
    expect(() => simulator.alter({ ...by, end: 'noon', value: '1' })).toThrow(/end/);
    const controlled = await fetch(`${simulator.controlUrl}/alterations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...by, end: '2004-03-01T00:15:00Z', value: null }),
    });
    expect(controlled.status).toBe(200);
    expect(await client.download(days)).toMatchObject({ intervals: { length: 95 } });
  });

  test.each([
    ['is begun again on a new session', 'session-death', 1, { kind: 'downloaded' }],
    ['is not now, when two sessions end', 'session-death', 2, { kind: 'unavailable' }],
    ['is not now, in maintenance', 'maintenance', 1, { kind: 'unavailable', why: 'a maintenance page' }],
    ['counts for nothing when it is cut', 'cut-midway', 1, { kind: 'unavailable' }],
    [
      'is not recognised by any page',
      'unknown-page',
      1,
      { kind: 'unrecognised', page: { pageKind: 'download' } },
    ],
  ] as const)('%s', async (_, fault, times, outcome) => {
    const { simulator, client } = await setUp();
    simulator.faults.arm({ fault, kind: 'download', times });
    expect(await client.download(days)).toMatchObject(outcome);
  });

  test('is refused by the ISO for what it does not know', async () => {
    const { simulator } = await setUp();
    const client = await makeClient(simulator.url, {
      download: { ...shape, parameters: { ...shape.parameters, more: '1' } },
    });
    expect(await client.download(days)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('The request is not known'),
    });
    const odd = await makeClient(simulator.url, { download: { ...shape, dayFormat: 'YYYY-MM-DD' } });
    expect(await odd.download(days)).toMatchObject({
      words: expect.stringContaining('The dates are not valid'),
    });
  });

  test('is refused while a file that passed validation cannot be read, not given without it', async () => {
    const { simulator, client } = await setUp();
    // Header and trailer with the right count are all that validation looks at.
    const toRecord = (code: number) => {
      const record = Buffer.alloc(216, ' ');
      record.writeInt16LE(216, 0);
      record.writeInt16LE(code, 2);
      return record;
    };
    const trailer = toRecord(9999);
    trailer.write('0000000002', 34, 'latin1');
    await client.upload('2.dat', Buffer.concat([toRecord(1), trailer]), laterAt);
    expect(simulator.holdings()[1]).toMatchObject({ status: 'Validation Passed' });
    expect(await client.download(days)).toMatchObject({
      kind: 'refused',
      words: expect.stringMatching(/File 528528 passed validation and cannot be read: \S/),
    });
  });

  test('of a file without header and last line end, which passed, is given', async () => {
    const { client } = await setUp();
    const bare = toCsv(2, 'OTHER_1').toString().trimEnd().split('\r\n').slice(1).join('\n');
    await client.upload('2.csv', Buffer.from(bare), laterAt);
    expect(await client.download({ ...days, resourceId: 'OTHER_1' })).toMatchObject({
      kind: 'downloaded',
      intervals: [{ value: '0.250' }, { value: '1.250' }],
    });
  });

  test('in a layout that fixes what an interval has otherwise is refused, not shown as something else', async () => {
    const profile = {
      name: 'own',
      columns: ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'],
      fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '15' },
    };
    const { client } = await setUp(downloadShapeSchema.parse(toDownloadSettings({ profile })));
    const load = toCsv(1, 'OTHER_1').toString().replace(',GEN,', ',LOAD,');
    await client.upload('2.csv', Buffer.from(load), laterAt);
    expect(await client.download({ ...days, resourceId: 'OTHER_1' })).toMatchObject({
      kind: 'downloaded',
      intervals: [{ measurementType: 'LOAD', isoUnit: 'KWH', value: '0.250' }],
    });
    expect(await client.download(days)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining(
        `MEASUREMENT_TYPE of resource ${resourceId} is "GEN", in layout own always "LOAD"`,
      ),
    });
  });

  test('of more bytes than are taken is cut, whatever its length says', async () => {
    const { simulator } = await setUp();
    const client = await makeClient(simulator.url, { download: { ...shape, maxBytes: 2_000 } });
    expect(await client.download(days)).toEqual({ kind: 'unavailable', why: 'an answer over 2000 bytes' });
  });

  test.each([
    ['another resource', toCsv(2, 'OTHER_1'), /resource OTHER_1, asked for EXAMPL/],
    ['rows that are none', Buffer.from(`${toCsv(1)}A,B\r\n`), /a fault in line 3/],
    ['another layout', Buffer.from(toCsv(1).toString().replace('UOM', 'UNIT')), /a fault in line 1/],
  ])('of %s is not recognised, and its beginning is kept', async (_, body, why) => {
    const url = await startServer((request, response) => {
      const isTop = request.url === '/fr_top.jsp';
      response.writeHead(200, {
        ...(isTop
          ? { 'set-cookie': 'A=1', 'content-type': 'text/html' }
          : { 'content-type': 'text/csv; charset=ascii' }),
      });
      response.end(isTop ? '<html></html>' : body);
    });
    const client = await makeClient(url, { download: shape });
    const outcome = await client.download(days);
    expect(outcome).toMatchObject({
      kind: 'unrecognised',
      page: { pageKind: 'download', why: expect.stringMatching(why), contentType: 'text/csv; charset=ascii' },
    });
    expect(outcome.kind === 'unrecognised' && Buffer.from(outcome.page.bytes)).toEqual(body);
  });

  test('is not there without its settings', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    await expect(client.download(days)).rejects.toThrow(/bridge\.download is not set/);
    const set = await makeClient(simulator.url, { download: shape });
    expect(await set.download(days)).toMatchObject({ kind: 'unrecognised' });
  });
});

test.each([
  [{ path: 'downloadMeterData.jsp' }, /slash/],
  [{ parameters: { resourceId: '{resource}', from: '{from}' } }, /\{to\}/],
  [{ dayFormat: 'MM/DD/YY' }, /YYYY/],
  [{ profile: 'philippines' }, /gmt, pacific-standard/],
  [{ format: 'mdef', profile: 'gmt' }, /philippines/],
  [{ contentType: 'csv' }, /content type/],
])('a shape with %j is refused', (over, words) => {
  expect(JSON.stringify(downloadShapeSchema.safeParse(toDownloadSettings(over)).error?.issues)).toMatch(
    words,
  );
});
