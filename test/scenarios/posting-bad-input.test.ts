import { readdirSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { getOmarCsvLayout } from '../../storage/formats/omar-csv/columns.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { toMdefRecords } from '../storage/formats/mdef/build-mdef.ts';
import { toOmarCsvFile } from '../support/bridge-world.ts';
import { connectTls, readToEnd } from '../support/https.ts';

const maxFileBytes = 50_000;
const csv = Buffer.from(toOmarCsvFile(1));
let server: TestServer;
let postedBefore: number;

beforeAll(async () => {
  const { config } = await startTestServer();
  const limits = { ...config.limits, maxFileBytes, bodyWindowMs: 150, minBodyBytes: 1_000 };
  const isoAccounts = [
    { name: 'sc-one', way: 'omar' as const, maxBytes: csv.length },
    { name: 'sc-gmt', way: 'omar' as const, csvLayout: getOmarCsvLayout('gmt') },
    { name: 'sc-small', way: 'omar' as const, maxBytes: csv.length - 1 },
    { name: 'sc-mris', way: 'mris' as const },
    { name: 'sc-pacific', way: 'omar' as const, csvLayout: getOmarCsvLayout('pacific-standard') },
    { name: 'sc-other', way: 'omar' as const, resources: ['R_2', 'SITE_*'] },
  ];
  server = await startTestServer({ limits }, { isoAccounts });
  await server.post(toSample(999));
  postedBefore = 1;
});

/** No byte of what was refused is kept: neither a posting nor a file, whole or in part. */
afterEach(async () => {
  const { json } = await server.callJson('staff', 'GET', '/postings');
  expect(json.postings).toHaveLength(postedBefore);
  const { filesFolder } = server.store.config;
  const files = readdirSync(filesFolder, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(files).toHaveLength(postedBefore);
  await server.store.expectSound();
});

const post = (
  body: Buffer | string | Readable,
  headers: Record<string, string> = {},
  query = 'mailbox=esp-one',
) => server.callJson('staff', 'POST', `/postings?${query}`, { body, headers });

async function listRefusals() {
  return (await server.callJson('staff', 'GET', '/refusals')).json.refusals;
}

/** Bytes as they stand on a connection of staff’s; gives the answer when the server has closed it. */
async function sendRaw(...parts: (string | Buffer)[]): Promise<string> {
  const { authority, staff: certificate } = server.certificates;
  const socket = await connectTls(server.running.port, { authority, certificate });
  for (const part of parts) socket.write(part);
  const answer = await readToEnd(socket);
  socket.destroy();
  return answer;
}

const head = (...headers: string[]) =>
  [
    'POST /postings?mailbox=esp-one HTTP/1.1',
    'Host: localhost',
    'Accept: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n');

describe('a file that is not right', () => {
  test('is refused with every fault’s line, field and reason, and stays on record as a refusal', async () => {
    const lines = toSample(1).toString('latin1').split('\r\n');
    const broken = lines.map((line) => line.replace(',KWH,', ',XWH,')).join('\r\n');
    const { status, json } = await post(broken, {}, 'mailbox=esp-one&name=broken.cmep');
    expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
    expect(json.faults).toHaveLength(2);
    expect(json.faults[0]).toMatchObject({ level: 'error', line: 1, text: 'XWH' });
    expect(json.faults[1]).toMatchObject({ line: 2 });
    const [refusal] = await listRefusals();
    expect(refusal).toMatchObject({
      refusedBy: 'staff',
      originalName: 'broken.cmep',
      bytes: broken.length,
      faultCounts: json.faultCounts,
    });
  });

  test('a form of it for people lists the faults too', async () => {
    const broken = toSample(1).toString('latin1').replace(',KWH,', ',<b>,');
    const { headers, body } = await server.call('staff', 'POST', '/postings?mailbox=esp-one', {
      body: broken,
      headers: { accept: 'text/html' },
    });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.toString()).toContain('<code>&lt;b&gt;</code>');
    expect(body.toString()).toContain('+1 555 0100');
  });

  test.each([
    ['empty', Buffer.alloc(0), 'E_EMPTY', /: The file is empty\.$/],
    ['a PDF', Buffer.from('%PDF-1.7 nothing of ours'), 'E_UNKNOWN', /neither a CMEP record nor/],
    [
      'random bytes',
      Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 256)),
      'E_NUL',
      /There is a NUL byte/,
    ],
  ])('%s is refused as of no known format', async (_what, body, code, detail) => {
    const { status, json } = await post(body);
    expect([status, json.type]).toEqual([415, 'urn:mdma:problem:unknown-format']);
    expect(json.faults.map((fault: { code: string }) => fault.code)).toEqual([code]);
    expect(json.detail).toMatch(detail);
  });

  test('as another format than the chosen one, or than its name says, is refused', async () => {
    const wrong = await post(toSample(5), {}, 'mailbox=esp-one&format=omar-csv&name=day.csv');
    expect([wrong.status, wrong.json.type]).toEqual([415, 'urn:mdma:problem:unknown-format']);
    expect(wrong.json.faults[0]).toMatchObject({ code: 'E_FORMAT' });
    expect(wrong.json.faults[0].message).toContain('to be read as omar-csv, but the content is cmep');
    const named = await post(toSample(5), {}, 'mailbox=esp-one&name=day.mde');
    expect(named.json.faults[0]).toMatchObject({ code: 'E_NAME' });
  });

  test('raw data is kept out of mailboxes that do not take it', async () => {
    const raw = toSample(3)
      .toString('latin1')
      .replaceAll(/(\d{12}),E?,/g, '$1,R,');
    const { status, json } = await post(raw);
    expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
  });

  test('with another digest than announced is refused', async () => {
    const digest = `sha-256=:${Buffer.alloc(32).toString('base64')}:`;
    for (const name of ['content-digest', 'repr-digest']) {
      const { status, json } = await post(toSample(4), { [name]: digest });
      expect([status, json.type]).toEqual([422, 'urn:mdma:problem:digest-mismatch']);
    }
  });

  test('what an account of the ISO cannot take as it is, is refused with the reason and kept nowhere', async () => {
    const atMris = await post(csv, {}, 'account=sc-mris');
    expect([atMris.status, atMris.json.faults[0].at]).toEqual([400, 'account']);
    expect(atMris.json.detail).toMatch(/account sc-mris is at MRI-S, which takes no omar-csv/);
    const tooLarge = await post(csv, {}, 'account=sc-small');
    expect(tooLarge.status).toBe(422);
    expect(tooLarge.json.detail).toMatch(
      new RegExp(
        `it has ${csv.length} bytes, account sc-small takes files of at most ${csv.length - 1}; post it`,
      ),
    );
    expect((await post(csv, {}, 'account=sc-one')).status).toBe(201);
    postedBefore += 1;
  });

  test('in another layout than the ISO takes is refused, and in that one goes through as MDEF does', async () => {
    const pacific = 'R_1,LOAD,KWH,60,202511190100,0.001,\r\n';
    const refused = [
      [csv, 'sc-pacific', 'in layout gmt, account sc-pacific takes pacific-standard'],
      [pacific, 'sc-gmt&profile=pacific-standard', 'in layout pacific-standard, account sc-gmt takes gmt'],
    ] as const;
    for (const [body, account, found] of refused) {
      const { status, json } = await post(body, {}, `account=${account}`);
      expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
      expect(json.detail).toContain(
        `Cannot accept the file: it is OMAR CSV ${found} (bridge.csvLayout); post`,
      );
      expect((await listRefusals())[0]).toMatchObject({ reason: json.detail });
    }
    const mdef = Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4] }]));
    for (const [body, query] of [
      [pacific, 'account=sc-pacific&profile=pacific-standard'],
      [csv, 'account=sc-gmt'],
      [mdef, 'account=sc-gmt'],
    ] as const) {
      expect((await post(body, {}, query)).status).toBe(201);
      postedBefore += 1;
    }
  });

  test('that names a resource which the account does not hold is refused, with its line', async () => {
    const { status, json } = await post(csv, {}, 'account=sc-other');
    expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
    expect(json.detail).toBe(
      'Cannot accept the file: line 2 names resource R_1, account sc-other holds R_2, SITE_*',
    );
    expect((await listRefusals())[0]).toMatchObject({ reason: json.detail });
    expect((await post(Buffer.from(toOmarCsvFile(2)), {}, 'account=sc-other')).status).toBe(201);
    postedBefore += 1;
  });

  test('CMEP is not passed through to an account of the ISO', async () => {
    const { status, json } = await post(toSample(4), {}, 'account=sc-one');
    expect([status, json.faults[0].at]).toEqual([400, 'account']);
  });
});

describe('a body that is not as declared', () => {
  test('cut short is no posting, whether it was a whole file or not', async () => {
    const body = toSample(5);
    const cut: [string, string | Buffer][] = [
      [head(`Content-Length: ${body.length + 1}`), body],
      [head(`Content-Length: ${body.length + 1_000}`), body],
      [head(`Content-Length: ${body.length}`), body.subarray(0, -1)],
      [head('Transfer-Encoding: chunked'), `${body.length.toString(16)}\r\n${body.toString('latin1')}\r\n`],
    ];
    const { authority, staff: certificate } = server.certificates;
    for (const parts of cut) {
      const socket = await connectTls(server.running.port, { authority, certificate });
      for (const part of parts) socket.write(part);
      socket.end();
      expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 400 /);
      socket.destroy();
    }
  });

  test('longer than declared is no posting, even when what was declared is a whole file', async () => {
    const body = toSample(6);
    const answer = await sendRaw(head(`Content-Length: ${body.length}`), Buffer.concat([body, toSample(7)]));
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  test('with nonsense for chunks is no posting', async () => {
    expect(await sendRaw(head('Transfer-Encoding: chunked'), 'XYZ\r\nabc\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  test('with two lengths, or a length and chunks, is no request', async () => {
    const body = toSample(6);
    const twice = head(`Content-Length: ${body.length}`, 'Content-Length: 5');
    const both = head(`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked');
    for (const each of [twice, both]) expect(await sendRaw(each, body)).toMatch(/^HTTP\/1.1 400 /);
  });

  test('over the limit is refused at once, and not read to its end', async () => {
    const declared = await post(Buffer.alloc(maxFileBytes + 1));
    expect([declared.status, declared.json.maxBytes]).toEqual([413, maxFileBytes]);
    const cmep = toSample(8, 5_000_000);
    const chunks = Array.from({ length: 100 }, (_, at) => cmep.subarray(at * 50_000, (at + 1) * 50_000));
    const answer = await sendRaw(
      head('Transfer-Encoding: chunked'),
      ...chunks.map((chunk) =>
        Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
      ),
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('Connection: close');
  });

  test('that drips is given up: chunks without end, and a length never reached', async () => {
    for (const [headers, bytes] of [
      ['Transfer-Encoding: chunked', '1\r\nM\r\n'],
      ['Content-Length: 10000', 'M'],
    ] as const) {
      const { authority, staff: certificate } = server.certificates;
      const socket = await connectTls(server.running.port, { authority, certificate });
      socket.write(head(headers));
      const drip = setInterval(() => socket.write(bytes), 20);
      const answer = await readToEnd(socket);
      clearInterval(drip);
      socket.destroy();
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(answer).toContain('urn:mdma:problem:request-timeout');
    }
  });
});

describe('a request that is not right', () => {
  test('is refused before its body is read: who, what, where', async () => {
    const body = toSample(9);
    const cases = [
      [await server.callJson('esp-one', 'POST', '/postings?mailbox=esp-one', { body }), 403],
      [await server.callJson(undefined, 'POST', '/postings?mailbox=esp-one', { body }), 401],
      [await post(body, {}, 'mailbox=nobody&mailbox=esp-one&mailbox=neither'), 404],
      [await post(body, {}, ''), 400],
      [await post(body, {}, 'mailbox=esp-one&account=none'), 400],
      [await post(body, { 'content-encoding': 'gzip' }), 415],
      [await post(body, { accept: 'image/png' }), 406],
    ] as const;
    for (const [{ status }, expected] of cases) expect(status).toBe(expected);
    expect(cases[2][0].json.faults.map(({ value }: { value: string }) => value)).toEqual([
      'neither',
      'nobody',
    ]);
  });

  test('a refused body is not read endlessly: the answer arrives and the connection closes', async () => {
    const answer = await sendRaw(
      head(`Content-Length: ${maxFileBytes}`).replace('mailbox=esp-one', 'mailbox=nobody'),
      Buffer.alloc(maxFileBytes - 1),
    );
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).toContain('Connection: close');
  });

  test('a GET with a body is none of ours', async () => {
    const answer = await sendRaw(
      'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });
});
