import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { connectTls, readBytes, readToEnd } from '../support/https.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

const post = (body: Buffer | Readable, query: string, headers: Record<string, string> = {}) =>
  server.callJson('staff', 'POST', `/postings?${query}`, { body, headers });
const toDigest = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

describe('a posted file', () => {
  test('is in every mailbox named, byte for byte, when it is acknowledged', async () => {
    const body = toSample(1, 30_000);
    const { status, headers, json } = await post(body, 'mailbox=udc-one&mailbox=esp-one&name=day.cmep', {
      'content-digest': toDigest(body),
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/postings/${json.transaction}`);
    expect(json).toMatchObject({
      postedBy: 'staff',
      originalName: 'day.cmep',
      format: 'cmep',
      profile: 'strict',
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      isComplete: true,
      warnings: [],
    });
    expect(json.summary).toMatchObject({ units: { KWH: json.summary.records }, raw: 0 });
    for (const { mailbox, href } of json.files) {
      expect((await server.call(mailbox, 'GET', href)).body.equals(body)).toBe(true);
    }
    expect(json.files.map(({ mailbox }: { mailbox: string }) => mailbox).sort()).toEqual([
      'esp-one',
      'udc-one',
    ]);
    const { warnings: _warnings, ...same } = json;
    const shown = await server.callJson('staff', 'GET', json.href);
    expect(shown.json).toEqual({ ...same, unmapped: json.summary.readings });
  });

  test('may come in chunks of any size, without a length', async () => {
    const body = toSample(2, 10_000);
    const chunks = Array.from({ length: Math.ceil(body.length / 7) }, (_, at) =>
      body.subarray(at * 7, at * 7 + 7),
    );
    const { status, json } = await post(Readable.from(chunks), 'mailbox=esp-one');
    expect([status, json.bytes]).toEqual([201, body.length]);
  });

  test('can be kept for the archive only, or passed on to the ISO', async () => {
    const kept = await post(toSample(3), 'archive-only=true');
    expect(kept.json).toMatchObject({ files: [], forwardings: [] });
    await server.map({ meter: 'MTR000000004', resourceId: 'RES_4' });
    const forwarded = await post(toSample(4), 'mailbox=esp-one');
    expect(forwarded.json.forwardings).toMatchObject([{ account: 'sc-one', way: 'omar', state: 'due' }]);
  });
});

test('a repost names what it corrects and why; both ends show it', async () => {
  const first = await server.post(toSample(10));
  const second = await server.post(
    toSample(11),
    `mailbox=esp-one&corrects=${first.transaction}&reason=wrong-multiplier&note=as%20agreed&complete=false`,
  );
  expect(second).toMatchObject({
    corrects: first.transaction,
    reasonCode: 'wrong-multiplier',
    note: 'as agreed',
    isComplete: false,
  });
  expect((await server.callJson('staff', 'GET', first.href)).json.correctedBy).toEqual([second.transaction]);
  const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/');
  expect(json.files.at(-1)).toMatchObject({ corrects: first.transaction, reasonCode: 'wrong-multiplier' });
  const page = await server.call('esp-one', 'GET', '/mailboxes/esp-one/');
  expect(page.body.toString()).toContain(`of ${first.transaction}: a wrong multiplier was applied`);
  const unknown = await post(toSample(12), 'mailbox=esp-one&corrects=999999&reason=misread');
  expect([unknown.status, unknown.json.type]).toEqual([404, 'urn:mdma:problem:not-found']);
});

describe('an Idempotency-Key', () => {
  test('posts once, however often it is tried, also at the same time', async () => {
    const body = toSample(20);
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(body, 'mailbox=esp-one&mailbox=udc-one', headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ json }) => json.transaction)).size).toBe(1);
    const again = await post(body, 'mailbox=udc-one&mailbox=esp-one', headers);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.json.files).toEqual(answers[0]?.json.files);
  });

  test('with another body or other parameters is refused', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    expect((await post(toSample(21), 'mailbox=esp-one', headers)).status).toBe(201);
    for (const answer of [
      await post(toSample(22), 'mailbox=esp-one', headers),
      await post(toSample(21), 'mailbox=udc-one', headers),
      await post(toSample(21), 'mailbox=esp-one&note=other', headers),
    ]) {
      expect([answer.status, answer.json.type]).toEqual([422, 'urn:mdma:problem:idempotency-mismatch']);
    }
  });

  test('is each poster’s own', async () => {
    const options = { body: toSample(23), headers: { 'idempotency-key': randomUUID() } };
    const path = '/postings?mailbox=esp-one';
    const staff = await server.callJson('staff', 'POST', path, options);
    const program = await server.callJson('program', 'POST', path, options);
    expect([staff.status, program.status]).toEqual([201, 201]);
  });

  test('of what was refused may be used again', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    expect((await post(Buffer.from('MEPMD01,broken\r\n'), 'mailbox=esp-one', headers)).status).toBe(422);
    expect((await post(toSample(24), 'mailbox=esp-one', headers)).status).toBe(201);
  });

  test.each(['a b', 'x'.repeat(256), 'ü'])('%.20s is none', async (key) => {
    const { status, json } = await post(toSample(25), 'mailbox=esp-one', { 'idempotency-key': key });
    expect([status, json.faults[0].at]).toEqual([400, 'Idempotency-Key']);
  });
});

test('who expects 100-continue hears it only when the body is wanted', async () => {
  const { authority, staff: certificate } = server.certificates;
  const body = toSample(30);
  const proceed = 'HTTP/1.1 100 Continue\r\n\r\n';
  const send = async (path: string, length: number) => {
    const socket = await connectTls(server.running.port, { authority, certificate });
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n` +
        'Accept: application/json\r\nConnection: close\r\n\r\n',
    );
    const begin = (await readBytes(socket, proceed.length)).toString('latin1');
    if (begin === proceed) socket.write(body);
    const answer = begin + (await readToEnd(socket));
    socket.destroy();
    return answer;
  };
  expect(await send('/postings?mailbox=esp-one', body.length)).toMatch(
    /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /,
  );
  expect(await send('/postings?mailbox=nobody', body.length)).toMatch(/^HTTP\/1.1 404 /);
  expect(await send('/postings?mailbox=esp-one', 5 * 1024 ** 3)).toMatch(/^HTTP\/1.1 413 /);
  expect(await send('/postings', body.length)).toMatch(/^HTTP\/1.1 400 /);
});

test('postings are listed newest first, page by page', async () => {
  const { json } = await server.callJson('staff', 'GET', '/postings?limit=2');
  expect(json.postings).toHaveLength(2);
  expect(json.postings[0].transaction).toBeGreaterThan(json.postings[1].transaction);
  const next = await server.callJson('staff', 'GET', json.next);
  expect(next.json.postings[0].transaction).toBeLessThan(json.postings[1].transaction);
});

test('everything left is sound', () => server.store.expectSound());
