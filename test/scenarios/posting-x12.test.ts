import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server/test-server.ts';
import {
  cumulative,
  cumulativeHeader,
  header,
  loop,
  toChanged,
  toFile,
  toSet,
} from '../storage/formats/x12/build-x12.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

const [bpt = '', , , , , n1Provider = ''] = header;
const post = (text: string, query: string) =>
  server.callJson('staff', 'POST', `/postings?${query}`, { body: Buffer.from(text, 'latin1') });

/** The rows of the catalogue, read past the program. */
function listRows(): unknown[] {
  const db = new Database(server.store.config.databaseFile, { readonly: true });
  try {
    const columns =
      'meter, unit, channel, purpose, readings, estimated, external_reference, byte_start, byte_end, state';
    return db.prepare(`SELECT ${columns} FROM reading_set ORDER BY source_id, number`).all();
  } finally {
    db.close();
  }
}

describe('an 867', () => {
  test('is taken over HTTPS, its reading sets are rows, and its mailbox gets its bytes', async () => {
    const sets = [
      toSet([...header, ...loop]),
      toSet(
        [
          cumulativeHeader[0]?.replace('-000001', '-000002') ?? '',
          ...cumulativeHeader.slice(1),
          ...cumulative.slice(0, 6),
        ],
        '0002',
      ),
    ];
    const text = toFile({ sets });
    const { status, json } = await post(text, 'mailbox=esp-one&name=usage.edi');
    expect(status).toBe(201);
    expect(json).toMatchObject({
      format: 'x12-867',
      profile: 'california',
      originalName: 'usage.edi',
      forwardings: [],
    });
    expect(json.summary).toMatchObject({ readingSets: 2, readings: 5, estimated: 1, units: { KWH: 2 } });
    expect(listRows()).toEqual([
      {
        meter: 'MTR1',
        unit: 'KWH',
        channel: '1',
        purpose: 'OK',
        readings: 4,
        estimated: 1,
        external_reference: '333333333-20000105-000001',
        byte_start: text.indexOf('PTD'),
        byte_end: text.indexOf('SE*19'),
        state: 'live',
      },
      {
        meter: 'MTR2',
        unit: 'KWH',
        channel: 'TOTAL',
        purpose: 'SUMMARY',
        readings: 1,
        estimated: 0,
        external_reference: '333333333-20000105-000002',
        byte_start: text.lastIndexOf('PTD'),
        byte_end: text.lastIndexOf('SE*'),
        state: 'live',
      },
    ]);
    const { body } = await server.call('esp-one', 'GET', json.files[0].href);
    expect(body.toString('latin1')).toBe(text);
  });

  test('with a fault is refused whole, and nothing of it is to be seen', async () => {
    const before = listRows();
    const { status, json } = await post(toChanged({ [loop[8] ?? '']: 'QTY*QD*NaN*KH' }), 'mailbox=esp-one');
    expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
    expect(json.faults[0]).toMatchObject({
      code: 'E_NUMBER',
      line: 18,
      field: 'QTY02 quantity',
      text: 'NaN',
    });
    expect(listRows()).toEqual(before);
  });

  test('goes to the ISO by its mapped meters, a correction too, a repetition not', async () => {
    await server.map({ meter: 'MTR1', measurementType: 'LOAD', effectiveFrom: '1999-01-01' });
    const forwardedAs = async (code: string) => {
      const references = code === '00' ? [] : ['REF*59*333333333-20000105-000001'];
      const change = { [bpt]: bpt.replace('*00*', `*${code}*`), [n1Provider]: [n1Provider, ...references] };
      return (await post(toChanged(change), 'archive-only=true')).json.forwardings.length;
    };
    expect([await forwardedAs('00'), await forwardedAs('CO'), await forwardedAs('07')]).toEqual([1, 1, 0]);
    const named = await post(toFile(), 'account=sc-one');
    expect([named.status, named.json.title ?? named.json.detail]).toEqual([400, expect.any(String)]);
    expect(JSON.stringify(named.json)).toContain('x12-867 goes to the ISO by its mapped meters');
  });
});

test('a 997 is refused: it answers what was sent', async () => {
  const text = toFile({
    group: 'GS*FA*222222222*333333333*20000105*0816*502*X*004010',
    sets: [toSet(['AK1*PT*1', 'AK2*867*0001', 'AK5*A', 'AK9*A*1*1*1'], '0001', '997')],
    trailer: ['GE*1*502', 'IEA*1*000000001'],
  });
  const found = await post(text, 'mailbox=esp-one');
  expect(found.status).toBe(415);
  expect(found.json.detail).toContain(
    'it is a 997, a functional acknowledgement; only files with readings can be posted',
  );
  const named = await post(text, 'mailbox=esp-one&format=x12-997');
  expect(named.status).toBe(400);
  expect(named.json.faults?.[0]?.at ?? JSON.stringify(named.json)).toContain('format');
});

test('a chosen format goes before the name of the file', async () => {
  const text = toFile({ sets: [toSet([bpt.replace('-000001', '-000009'), ...header.slice(1), ...loop])] });
  const named = await post(text, 'mailbox=esp-one&name=usage.csv');
  expect([named.status, named.json.faults[0].code]).toEqual([415, 'E_NAME']);
  const chosen = await post(text, 'mailbox=esp-one&name=usage.csv&format=x12-867');
  expect([chosen.status, chosen.json.format]).toEqual([201, 'x12-867']);
});

test('everything left is sound', () => server.store.expectSound());
