import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server/test-server.ts';
import { badFiles, longLines, manyFaults, toFlood } from '../storage/formats/bad-files.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

const post = (body: Buffer | Readable, query = '') =>
  server.callJson('staff', 'POST', `/postings?mailbox=esp-one${query}`, { body });

test.each(badFiles)('a post is refused, with the reason: $why: $code', async ({ bytes, name, code }) => {
  const { status, json } = await post(Buffer.from(bytes), name === undefined ? '' : `&name=${name}`);
  expect([415, 422]).toContain(status);
  const codes = json.faults.map((fault: { code: string }) => fault.code);
  expect(codes).toContain(code);
});

test.each(longLines)(
  'a post without a line end is refused: $why',
  async (flood) => {
    const { status, json } = await post(Readable.from(toFlood(flood, 50_000_000)));
    expect([status, json.faultCounts[flood.code]]).toEqual([422, 1]);
  },
  60_000,
);

test.each(manyFaults)(
  'of very many faults of a post a thousand are listed: $why',
  async (flood) => {
    const count = 200_000;
    const { status, json } = await post(Readable.from(toFlood(flood, count * flood.piece.length)));
    expect(status).toBe(422);
    expect(json.faultCounts[flood.code]).toBeGreaterThanOrEqual(count);
    expect(json.faults).toHaveLength(1_000);
  },
  60_000,
);

afterAll(async () => {
  const { json } = await server.callJson('staff', 'GET', '/postings');
  expect(json.postings).toEqual([]);
  await server.store.expectSound();
});
