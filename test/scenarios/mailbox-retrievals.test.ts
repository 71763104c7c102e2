import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { serverConfigSchema } from '../../server/config.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { connectTls, readBytes } from '../support/https.ts';

let server: TestServer;
const toSha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  server = await startTestServer();
});

async function listRetrievals(name: string) {
  const { json } = await server.callJson('esp-one', 'GET', `/mailboxes/esp-one/retrievals?name=${name}`);
  return json.retrievals as { state: string; bytesSent: number | null; range: object | null; id: number }[];
}

/** Waits until the newest retrieval of the file has ended. */
async function waitForEnd(name: string) {
  return vi.waitFor(
    async () => {
      const [newest] = await listRetrievals(name);
      expect(newest?.state).not.toBe('open');
      return newest as NonNullable<typeof newest>;
    },
    { timeout: 10_000, interval: 20 },
  );
}

async function begin(href: string, headers = '') {
  const { authority, 'esp-one': certificate } = server.certificates;
  const socket = await connectTls(server.running.port, { authority, certificate });
  socket.write(`GET ${href} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
  return socket;
}

/** Reads an answer with a body of so many bytes. */
async function readAnswer(socket: TLSSocket, bytes: number) {
  let head = '';
  while (!head.endsWith('\r\n\r\n')) head += (await readBytes(socket, 1)).toString('latin1');
  return readBytes(socket, bytes);
}

async function findFile(name: string) {
  const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/');
  return json.files.find((file: { name: string }) => file.name === name);
}

type Way = readonly [string, (socket: TLSSocket) => void];

/** How a client may go. */
const ways: readonly [Way, Way] = [
  // Its system has bytes that nobody read, and answers with a reset.
  ['dies', (socket) => socket.destroy()],
  // The end in TLS goes out in order, before the reset.
  ['ends in order', (socket) => socket.end().destroy()],
];

describe.each(ways)('a client that reads 8 kB and %s', (_how, leave) => {
  test.each([
    ['200 KB, which go out in one piece', 200_000],
    ['300 KB', 300_000],
    ['8 MB', 8_000_000],
  ])('of %s never received the file', async (_what, bytes) => {
    const [file] = (await server.post(toSample(bytes + leave.length * 1000, bytes))).files;
    const socket = await begin(file.href);
    expect((await readBytes(socket, 8_192)).toString('latin1')).toMatch(/^HTTP\/1.1 200 OK/);
    leave(socket);
    expect((await waitForEnd(file.name)).state).toBe('interrupted');
    expect(await findFile(file.name)).toMatchObject({ firstRetrievedAt: null, acknowledgedAt: null });
  });
});

/** Opens a connection that says nothing, and waits until the server is tired of it: some seconds of its time. */
async function waitForIdleCut(idleServer: TestServer) {
  const silent = await connectTls(idleServer.running.port, { authority: idleServer.certificates.authority });
  await once(silent.resume(), 'close');
}

describe('a client that reads 8 kB, does nothing for seconds', () => {
  /** Its limit measures the seconds. That of the server under test is longer, so that it does not cut the client itself. */
  let impatient: TestServer;
  beforeAll(async () => {
    const { limits } = serverConfigSchema.parse({
      ...server.config,
      limits: { reserveBytes: 0, idleTimeoutMs: 2_500 },
    });
    impatient = await startTestServer({ limits });
  });

  test.each([
    ['dies, of 200 KB', 200_000, '', ways[0]],
    ['dies, of 300 KB', 300_000, '', ways[0]],
    ['dies, of 200 KB, asked to close the connection', 200_000, 'Connection: close\r\n', ways[0]],
    ['dies, of 300 KB, asked to close the connection', 300_000, 'Connection: close\r\n', ways[0]],
    ['ends in order, of 200 KB', 200_000, '', ways[1]],
    ['ends in order, of 300 KB', 300_000, '', ways[1]],
  ] as const)('and %s, never received the file', async (_what, bytes, headers, [, leave]) => {
    const [file] = (await server.post(toSample(bytes, bytes))).files;
    const idle = waitForIdleCut(impatient);
    const socket = await begin(file.href, headers);
    await readBytes(socket, 8_192);
    await idle;
    expect((await listRetrievals(file.name))[0]?.state).toBe('open');
    leave(socket);
    expect((await waitForEnd(file.name)).state).toBe('interrupted');
    expect(await findFile(file.name)).toMatchObject({ firstRetrievedAt: null, acknowledgedAt: null });
  });
});

describe('a whole retrieval', () => {
  test('is on record with who, how much and how; only the owner’s makes the file retrieved', async () => {
    const body = toSample(77);
    const [file] = (await server.post(body)).files;
    await server.call('staff', 'GET', file.href);
    expect((await waitForEnd(file.name)).state).toBe('sent');
    expect(await findFile(file.name)).toMatchObject({ firstRetrievedAt: null });
    await server.call('esp-one', 'GET', file.href, { headers: { 'user-agent': 'test' } });
    expect(await waitForEnd(file.name)).toMatchObject({
      participant: 'esp-one',
      credential: `certificate ${server.certificates['esp-one'].fingerprint.slice(0, 16)}`,
      address: '127.0.0.1',
      coding: 'identity',
      range: null,
      bytesSent: body.length,
      state: 'sent',
      mismatchedAt: null,
    });
    expect((await findFile(file.name)).firstRetrievedAt).not.toBeNull();
  });

  describe('on a kept connection is sent', () => {
    const body = toSample(78);
    const retrieve = async () => {
      const [file] = (await server.post(body)).files;
      const socket = await begin(file.href);
      await readAnswer(socket, body.length);
      expect((await listRetrievals(file.name))[0]?.state).toBe('open');
      return { file, socket };
    };

    test('when the next request comes', async () => {
      const { file, socket } = await retrieve();
      socket.write('HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect((await waitForEnd(file.name)).state).toBe('sent');
      socket.destroy();
    });

    test('when the client ends', async () => {
      const { file, socket } = await retrieve();
      socket.end();
      expect((await waitForEnd(file.name)).state).toBe('sent');
    });

    test('when the server ends what has been idle for long, and the client then too', async () => {
      const main = server;
      const { limits } = serverConfigSchema.parse({
        ...server.config,
        limits: { reserveBytes: 0, keepAliveTimeoutMs: 300 },
      });
      server = await startTestServer({ limits });
      const { file, socket } = await retrieve();
      await once(socket.resume(), 'close');
      expect((await waitForEnd(file.name)).state).toBe('sent');
      server = main;
    });

    test('not by a request that was there before its bytes had left', async () => {
      const files = [
        (await server.post(toSample(81, 300_000))).files[0],
        (await server.post(toSample(82, 300_000))).files[0],
      ];
      const { authority, 'esp-one': certificate } = server.certificates;
      const socket = await connectTls(server.running.port, { authority, certificate });
      socket.write(files.map(({ href }) => `GET ${href} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
      await readBytes(socket, 8_192);
      socket.destroy();
      for (const { name } of files) expect((await waitForEnd(name)).state).toBe('interrupted');
    });
  });

  test('may be put together: a broken download that was resumed', async () => {
    const body = toSample(79, 4_000_000);
    const [file] = (await server.post(body)).files;
    const socket = await begin(file.href);
    const head = await readBytes(socket, 1_000_000);
    const received = head.subarray(head.indexOf('\r\n\r\n') + 4);
    socket.destroy();
    expect((await waitForEnd(file.name)).state).toBe('interrupted');
    const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/');
    const { sha256 } = json.files.find(({ name }: { name: string }) => name === file.name);
    const rest = await server.call('esp-one', 'GET', file.href, {
      headers: { range: `bytes=${received.length}-`, 'if-range': `"${sha256}"` },
    });
    expect(rest.status).toBe(206);
    expect(Buffer.concat([received, rest.body]).equals(body)).toBe(true);
    expect(await waitForEnd(file.name)).toMatchObject({
      state: 'sent',
      range: { start: received.length, end: body.length },
    });
    expect((await findFile(file.name)).firstRetrievedAt).not.toBeNull();
  });
});

test('a slow reader is served to the end', async () => {
  const body = toSample(80, 3_000_000);
  const [file] = (await server.post(body)).files;
  const socket = await begin(file.href);
  const head = await readBytes(socket, 2_000);
  const chunks = [head.subarray(head.indexOf('\r\n\r\n') + 4)];
  for (let left = body.length - (chunks[0]?.length ?? 0); left > 0; left -= 300_000) {
    await delay(10);
    chunks.push(await readBytes(socket, Math.min(left, 300_000)));
  }
  expect(Buffer.concat(chunks).equals(body)).toBe(true);
  socket.end();
  expect((await waitForEnd(file.name)).state).toBe('sent');
});

describe('receipt', () => {
  const acknowledge = (href: string, sha256: string, who: 'esp-one' | 'esp-two' = 'esp-one') =>
    server.callJson(who, 'PUT', `${href}/receipt`, {
      body: JSON.stringify({ sha256 }),
      headers: { 'content-type': 'application/json' },
    });

  test('with the right digest makes the retrieval acknowledged; a wrong one is refused and recorded', async () => {
    const body = toSample(90);
    const [file] = (await server.post(body)).files;
    const early = await acknowledge(file.href, toSha256(body));
    expect([early.status, early.json.detail]).toEqual([409, expect.stringContaining('not retrieved')]);
    await server.call('esp-one', 'GET', file.href);
    await waitForEnd(file.name);
    const wrong = await acknowledge(file.href, 'f'.repeat(64));
    expect([wrong.status, wrong.json.type]).toEqual([422, 'urn:mdma:problem:digest-mismatch']);
    expect((await findFile(file.name)).acknowledgedAt).toBeNull();
    const seen = await server.callJson('staff', 'GET', `/mailboxes/esp-one/retrievals?name=${file.name}`);
    const mismatchedAt = new Date(server.store.clock.now()).toISOString();
    expect(seen.json.retrievals).toMatchObject([{ state: 'sent', mismatchedAt }]);
    const page = await server.call('staff', 'GET', `/mailboxes/esp-one/retrievals?name=${file.name}`);
    expect(page.body.toString()).toContain(
      `sent, another digest was reported <time datetime="${mismatchedAt}">`,
    );
    const right = await acknowledge(file.href, toSha256(body).toUpperCase());
    expect([right.status, right.json]).toEqual([200, { name: file.name, state: 'acknowledged' }]);
    expect((await listRetrievals(file.name))[0]?.state).toBe('acknowledged');
    expect((await findFile(file.name)).acknowledgedAt).not.toBeNull();
  });

  test('for another’s file is as for one that is not there', async () => {
    const [file] = (await server.post(toSample(91))).files;
    expect((await acknowledge(file.href, 'f'.repeat(64), 'esp-two')).status).toBe(404);
  });

  test.each([
    ['no digest', '{"sha256":"abc"}', 'application/json', 400],
    ['nothing', '{}', 'application/json', 400],
    ['half of JSON', '{"sha256":', 'application/json', 400],
    ['more than a digest', `{"sha256":"${'f'.repeat(64)}","more":1}`, 'application/json', 400],
    ['JSON of ten thousand levels', '['.repeat(10_000), 'application/json', 400],
    ['100 KB of JSON', `{"sha256":"${'f'.repeat(100_000)}"}`, 'application/json', 413],
    ['plain text', 'f'.repeat(64), 'text/plain', 415],
  ])('of %s is refused', async (_what, body, type, status) => {
    const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/');
    const answer = await server.callJson('esp-one', 'PUT', `${json.files[0].href}/receipt`, {
      body,
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(status);
  });
});

test('a server that stops cuts what is under way and says so', async () => {
  const other = await startTestServer();
  const [file] = (await other.post(toSample(1, 8_000_000))).files;
  const { authority, 'esp-one': certificate } = other.certificates;
  const socket = await connectTls(other.running.port, { authority, certificate });
  socket.write(`GET ${file.href} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await readBytes(socket, 1_000);
  const closed = once(socket, 'close');
  await other.running.stop();
  socket.destroy();
  await closed;
  const { catalogue } = other.store;
  const [mailbox] = await catalogue.mailboxes.getMailboxes(['esp-one' as never]);
  const { retrievals } = await catalogue.retrievals.listRetrievals(mailbox?.id ?? 0, {
    name: undefined,
    before: undefined,
    limit: 10,
  });
  expect(retrievals.map(({ state }) => state)).toEqual(['interrupted']);
  await other.store.expectSound();
});

test('everything left is sound', () => server.store.expectSound());
