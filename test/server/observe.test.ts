import { request } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { MdmaError } from '../../storage/model/errors.ts';
import type { ClockState, ClockWatch } from '../../storage/ports/clock-watch.ts';
import { startTestServer, type TestServer, toSample } from './test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

async function get(
  path: string,
  port = server.running.observePort,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false }, async (incoming) => {
      const chunks = await incoming.toArray();
      resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
    })
      .on('error', reject)
      .end();
  });
}

describe('health', () => {
  test('says live and ready, and nothing else is there', async () => {
    expect(await get('/health/live')).toEqual({ status: 200, text: '{"live":true}' });
    expect(await get('/health/ready')).toEqual({ status: 200, text: '{"ready":true,"reasons":[]}' });
    expect((await get('/')).status).toBe(404);
  });

  test('is not ready without room for posts, and says why', async () => {
    const full = await startTestServer({
      limits: { ...server.config.limits, reserveBytes: Number.MAX_SAFE_INTEGER },
    });
    const { status, text } = await get('/health/ready', full.running.observePort);
    expect([status, JSON.parse(text)]).toEqual([
      503,
      { ready: false, reasons: ['no room for posts (ops/runbooks/disk-full.md)'] },
    ]);
    const refused = await full.callJson('staff', 'POST', '/postings?mailbox=esp-one', { body: toSample(1) });
    expect([refused.status, refused.json.type]).toEqual([507, 'urn:mdma:problem:storage-full']);
  });
});

test('a clock that is off: nothing is posted, everything else goes on, and both health and metrics say why', async () => {
  const words = "this machine's clock is 75.0 seconds ahead, more than 60 (chrony)";
  const off: ClockState = { kind: 'off', offsetMs: 75_000, measuredAt: 1, words };
  let state: ClockState = off;
  const clockWatch: ClockWatch = {
    state: () => state,
    demand(action) {
      if (state.kind === 'off')
        throw new MdmaError('unavailable', `${action}: ${words}`, { retryAfterSeconds: 60 });
    },
  };
  const wrong = await startTestServer({}, { clockWatch });
  const post = () => wrong.callJson('staff', 'POST', '/postings?mailbox=esp-one', { body: toSample(1) });
  const refused = await post();
  expect(refused).toMatchObject({
    status: 503,
    headers: { 'retry-after': '60' },
    json: { type: 'urn:mdma:problem:unavailable', detail: `Cannot post: ${words}` },
  });
  const { running } = wrong;
  const ready = await get('/health/ready', running.observePort);
  expect([ready.status, JSON.parse(ready.text).reasons]).toEqual([
    503,
    [`nothing can be posted: ${words} (ops/runbooks/clock-off.md)`],
  ]);
  const { text } = await get('/metrics', running.observePort);
  expect(text).toContain('mdma_clock_offset_seconds 75');
  expect(text).toContain('mdma_clock_state{state="off"} 1');
  expect((await wrong.callJson('esp-one', 'GET', '/mailboxes/esp-one/')).status).toBe(200);
  state = { ...off, kind: 'good', offsetMs: 0 };
  expect((await post()).status).toBe(201);
  expect((await get('/health/ready', running.observePort)).status).toBe(200);
});

test('metrics count requests, postings and retrievals', async () => {
  const [file] = (await server.post(toSample(1))).files;
  await server.call('esp-one', 'GET', file.href);
  await server.call('staff', 'POST', '/postings?mailbox=esp-one', { body: 'MEPMD01,x\r\n' });
  await expect
    .poll(async () => (await get('/metrics')).text, { timeout: 10_000 })
    .toContain('mdma_retrievals_total{outcome="sent"} 1');
  const { text } = await get('/metrics');
  expect(text).toContain('mdma_postings_total{outcome="posted"} 1');
  expect(text).toContain('mdma_postings_total{outcome="refused"} 1');
  expect(text).toContain(`mdma_posted_bytes_total ${toSample(1).length}`);
  expect(text).toMatch(
    /mdma_request_seconds_count\{method="GET",path="\/mailboxes\/\{mailbox\}\/\{name\}",status="200"\} 1/,
  );
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
});
