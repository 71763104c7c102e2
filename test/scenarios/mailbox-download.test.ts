import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeFiles } from '../../server/jobs/codings.ts';
import { runRetention } from '../../server/jobs/retention.ts';
import { dayMs } from '../../storage/model/time.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;
let href: string;
const sample = toSample(1, 300_000);
const sha256 = createHash('sha256').update(sample).digest('hex');
const toDigest = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  server.call('esp-one', method, href, { headers });

async function countRetrievals(): Promise<number> {
  const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/retrievals?limit=1000');
  return json.retrievals.length;
}

beforeAll(async () => {
  server = await startTestServer();
  const posted = await server.post(sample);
  href = posted.files[0].href;
  const { catalogue, files, clock } = server.store;
  await codeFiles({
    retention: catalogue.retention,
    instances: catalogue.instances,
    files,
    clock,
    isQuiet: () => true,
    whenQuiet: () => Promise.resolve(),
    reserveBytes: 0,
    signal: new AbortController().signal,
  });
});

describe('GET', () => {
  test('gives the posted bytes with what identifies them', async () => {
    const { status, headers, body } = await get();
    expect(status).toBe(200);
    expect(body.equals(sample)).toBe(true);
    expect(headers).toMatchObject({
      etag: `"${sha256}"`,
      'content-length': String(sample.length),
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'repr-digest': toDigest(sample),
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-encoding']).toBeUndefined();
    expect(Date.parse(headers['last-modified'] ?? '')).toBe(
      Math.floor(server.store.clock.now() / 1000) * 1000,
    );
  });

  test.each([
    ['zstd', zstdDecompressSync],
    ['gzip', gunzipSync],
  ])('sends %s to who offers it, with a tag and digest of its own', async (coding, decode) => {
    const { status, headers, body } = await get({ 'accept-encoding': coding });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': coding,
      etag: `"${sha256}-${coding}"`,
      'repr-digest': toDigest(body),
      'content-length': String(body.length),
    });
    expect(headers['accept-ranges']).toBeUndefined();
    expect(body.length).toBeLessThan(sample.length / 2);
    expect(decode(body).equals(sample)).toBe(true);
  });

  test('resumes: a range of identity, and of nothing else', async () => {
    const { status, headers, body } = await get({ range: 'bytes=1000-', 'accept-encoding': 'zstd' });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes 1000-${sample.length - 1}/${sample.length}`);
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.equals(sample.subarray(1000))).toBe(true);
    const small = await get({ range: 'bytes=10-19', 'if-range': `"${sha256}"` });
    expect(small.body.equals(sample.subarray(10, 20))).toBe(true);
    const changed = await get({ range: 'bytes=10-19', 'if-range': '"another"' });
    expect([changed.status, changed.body.length]).toEqual([200, sample.length]);
  });

  test('a query names nothing here', async () => {
    expect((await server.call('esp-one', 'GET', `${href}?x=1`)).status).toBe(400);
  });
});

describe('what is no retrieval', () => {
  test('HEAD answers with the headers of GET', async () => {
    for (const headers of [{}, { 'accept-encoding': 'zstd' }]) {
      const [whole, head] = [await get(headers), await get(headers, 'HEAD')];
      expect(head.status).toBe(whole.status);
      expect({ ...head.headers, date: '' }).toEqual({ ...whole.headers, date: '' });
      expect(head.body).toHaveLength(0);
    }
  });

  test('a range says nothing to HEAD (RFC 9110, 14.2)', async () => {
    const head = await get({ range: 'bytes=5-9' }, 'HEAD');
    expect([head.status, head.headers['content-length']]).toEqual([200, String(sample.length)]);
    expect(head.headers['content-range']).toBeUndefined();
  });

  test('HEAD, 304, 412 and 416 leave no retrieval', async () => {
    const before = await countRetrievals();
    expect((await get({}, 'HEAD')).status).toBe(200);
    const same = await get({ 'if-none-match': `"${sha256}"` });
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, `"${sha256}"`]);
    expect((await get({ 'if-modified-since': new Date().toUTCString() })).status).toBe(304);
    expect((await get({ 'if-match': '"another"' })).status).toBe(412);
    const outside = await get({ range: `bytes=${sample.length}-` });
    expect([outside.status, outside.headers['content-range']]).toEqual([416, `bytes */${sample.length}`]);
    expect(await countRetrievals()).toBe(before);
    await get();
    expect(await countRetrievals()).toBe(before + 1);
  });
});

test('an archived file is gone for its owner, and not there for others', async () => {
  const posted = await server.post(toSample(50));
  const path = posted.files[0].href;
  const { catalogue, files, clock } = server.store;
  clock.advance(6 * dayMs);
  // The test's certificates have not moved on with the clock; the key has no end.
  const report = await runRetention(
    { retention: catalogue.retention, instances: catalogue.instances, files, clock },
    { isDryRun: false },
  );
  clock.advance(-6 * dayMs);
  expect(report.failed).toEqual([]);
  expect(report.left.map(({ name }) => name)).toContain(posted.files[0].name);
  const owner = await server.callJson('esp-one', 'GET', path);
  expect([owner.status, owner.json.type]).toEqual([410, 'urn:mdma:problem:gone']);
  expect((await server.call('esp-two', 'GET', path)).status).toBe(404);
  expect((await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/')).json.files).toEqual([]);
});

test('bytes that are lost are a failure of ours, which tells nothing but the request', async () => {
  const posted = await server.post(toSample(60));
  const { filesFolder } = server.store.config;
  rmSync(filesFolder, { recursive: true });
  const { status, json } = await server.callJson('esp-one', 'GET', posted.files[0].href);
  expect([status, json.type]).toEqual([500, 'urn:mdma:problem:internal']);
  expect(json.detail).toBe(`Cannot answer: the server failed; ask support about request ${json.instance}`);
  await expect
    .poll(() => server.log.find(({ request }) => request === json.instance))
    .toMatchObject({ status: 500, err: { message: expect.stringContaining('its bytes are missing') } });
  const path = `/mailboxes/esp-one/retrievals?name=${posted.files[0].name}`;
  // Nobody waits for the end of a retrieval to be on record, the answer neither.
  await expect
    .poll(async () => (await server.callJson('esp-one', 'GET', path)).json.retrievals)
    .toMatchObject([{ state: 'interrupted', bytesSent: 0 }]);
});
