import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, issueCertificate } from '../../certs/generate.ts';
import { parseParticipantName } from '../../storage/model/mailbox.ts';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { dayMs, hourMs } from '../../storage/model/time.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { issueTestCertificate } from '../support/certificates.ts';
import { atEnd } from '../support/cleanup.ts';

let server: TestServer;
const espOne = parseParticipantName('esp-one');

beforeAll(async () => {
  server = await startTestServer();
});

/** Registers another certificate of esp-one. */
async function register(certificate: { fingerprint: string }, days = 1): Promise<void> {
  const now = server.store.clock.now();
  await server.store.catalogue.participants.registerCertificate({
    participant: espOne,
    fingerprint: parseSha256(certificate.fingerprint),
    subject: 'CN=another',
    validFromAt: now - dayMs,
    validToAt: now + days * dayMs,
  });
}

async function issueKey(expiresAt: number | null = null): Promise<{ id: string; text: string }> {
  const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
  await server.store.catalogue.participants.issueKey({
    participant: espOne,
    id,
    secretSha256: parseSha256(createHash('sha256').update(secret).digest('hex')),
    label: 'test',
    expiresAt,
  });
  return { id, text: `${id}.${secret}` };
}

const withKey = (text: string, scheme = 'Bearer') =>
  server.callJson(undefined, 'GET', '/', { headers: { authorization: `${scheme} ${text}` } });

describe('a certificate', () => {
  const authenticate = (certificate?: { certificatePem: string; keyPem: string }) =>
    server.callJson(undefined, 'GET', '/', certificate === undefined ? {} : { certificate });

  test('that is registered opens what is its owner’s; several at a time', async () => {
    const second = await issueTestCertificate({ commonName: 'esp-one rollover' });
    await register(second);
    expect((await server.callJson('esp-one', 'GET', '/')).json.participant.name).toBe('esp-one');
    expect((await authenticate(second)).json.participant.name).toBe('esp-one');
  });

  test('of none, not registered, from another authority, expired, not yet valid: the same 401', async () => {
    const now = Date.now();
    const other = await createAuthority({ commonName: 'MDMA test authority', days: 2, now });
    const cases = {
      none: undefined,
      'not registered': await issueTestCertificate({ commonName: 'esp-one' }),
      'another authority': await issueCertificate(other, {
        commonName: 'esp-one',
        kind: 'client',
        days: 1,
        now,
      }),
      expired: await issueTestCertificate({ commonName: 'esp-one', now: now - 3 * dayMs, days: 2 }),
      'not yet valid': await issueTestCertificate({ commonName: 'esp-one', now: now + 2 * dayMs }),
    };
    await register(cases.expired, 30);
    await register(cases['not yet valid'], 30);
    for (const [what, certificate] of Object.entries(cases)) {
      const { status, headers, json } = await authenticate(certificate);
      expect([status, headers['www-authenticate'], json.type, json.faults], what).toEqual([
        401,
        'Bearer realm="mdma"',
        'urn:mdma:problem:unauthenticated',
        undefined,
      ]);
    }
  });

  test('whose registration has ended opens nothing, whatever it says itself', async () => {
    const certificate = await issueTestCertificate({ commonName: 'esp-one', days: 20 });
    await register(certificate, 1);
    expect((await authenticate(certificate)).status).toBe(200);
    server.store.clock.advance(dayMs + hourMs);
    expect((await authenticate(certificate)).status).toBe(401);
    server.store.clock.advance(-dayMs - hourMs);
  });

  test('from any authority is as good as its registration', async () => {
    const now = Date.now();
    const other = await createAuthority({ commonName: 'Another authority', days: 2, now });
    const certificate = await issueCertificate(other, { commonName: 'x', kind: 'client', days: 1, now });
    await register(certificate);
    expect((await authenticate(certificate)).status).toBe(200);
  });
});

describe('revocation holds on the very next request', () => {
  test('on a kept connection', async () => {
    const certificate = await issueTestCertificate({ commonName: 'esp-one' });
    await register(certificate);
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    atEnd(() => agent.destroy());
    const sockets = new Set<unknown>();
    agent.on('free', (socket) => sockets.add(socket));
    const ask = () => server.call(undefined, 'GET', '/mailboxes/', { certificate, agent });
    expect((await ask()).status).toBe(200);
    await server.store.catalogue.participants.revokeCertificate(certificate.fingerprint);
    expect((await ask()).status).toBe(401);
    expect(sockets.size).toBe(1);
  });

  test('in a resumed session, also one of TLS 1.2', async () => {
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const certificate = await issueTestCertificate({ commonName: 'esp-one' });
      await register(certificate);
      const first = await ask(certificate, { maxVersion });
      expect([first.status, first.isResumed], maxVersion).toEqual([200, false]);
      const second = await ask(certificate, { maxVersion, session: first.session });
      expect([second.status, second.isResumed], maxVersion).toEqual([200, true]);
      await server.store.catalogue.participants.revokeCertificate(certificate.fingerprint);
      const third = await ask(certificate, { maxVersion, session: first.session });
      expect([third.status, third.isResumed], maxVersion).toEqual([401, true]);
    }
  });

  test('of a key too', async () => {
    const { id, text } = await issueKey();
    expect((await withKey(text)).json.participant.name).toBe('esp-one');
    await server.store.catalogue.participants.revokeKey(id);
    expect((await withKey(text)).status).toBe(401);
  });
});

/** One request on a connection that may resume a session. */
async function ask(
  certificate: { certificatePem: string; keyPem: string },
  options: { maxVersion: tls.SecureVersion; session?: Buffer | undefined },
): Promise<{ status: number; isResumed: boolean; session: Buffer | undefined }> {
  const { session, maxVersion } = options;
  const socket = tls.connect({
    host: '127.0.0.1',
    port: server.running.port,
    servername: 'localhost',
    ca: server.certificates.authority.certificatePem,
    cert: certificate.certificatePem,
    key: certificate.keyPem,
    maxVersion,
    ...(session && { session }),
  });
  let given: Buffer | undefined;
  socket.on('session', (newest: Buffer) => {
    given = newest;
  });
  await once(socket, 'secureConnect');
  const isResumed = socket.isSessionReused();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += chunk;
  return { status: Number(text.split(' ')[1]), isResumed, session: given };
}

describe('an API key', () => {
  test('opens what is its owner’s', async () => {
    const { text } = await issueKey(server.store.clock.now() + hourMs);
    expect((await withKey(text)).json.participant).toMatchObject({ name: 'esp-one', role: 'participant' });
    expect((await withKey(text, 'bearer')).status).toBe(200);
  });

  test('that is wrong, unknown, expired or malformed: the same 401, even beside a good certificate', async () => {
    const { id, text } = await issueKey();
    const expired = await issueKey(server.store.clock.now() - 1);
    const wrong = [
      `${id}.${'A'.repeat(43)}`,
      `unknown.${'A'.repeat(43)}`,
      expired.text,
      id,
      `${id}.`,
      '',
      `${text} ${text}`,
      `${text}'--`,
    ];
    for (const each of wrong) {
      const headers = { authorization: `Bearer ${each}` };
      expect((await withKey(each)).status, each).toBe(401);
      expect((await server.callJson('esp-one', 'GET', '/', { headers })).status, each).toBe(401);
    }
    expect((await withKey(text, 'Basic')).status).toBe(401);
  });

  test('is nowhere in the log, nor is a whole fingerprint', async () => {
    const { id, text } = await issueKey();
    await withKey(text);
    await withKey(`${text}x`);
    const log = JSON.stringify(server.log);
    expect(log).toContain(`key ${id}`);
    expect(log).not.toContain(text.split('.')[1]);
    expect(log).not.toContain(server.certificates['esp-one'].fingerprint);
  });
});

describe('roles', () => {
  test.each([
    ['GET', '/postings', { staff: 200, program: 200, 'esp-one': 403 }],
    ['GET', '/refusals', { staff: 200, program: 200, 'esp-one': 403 }],
    ['GET', '/submissions', { staff: 200, program: 403, 'esp-one': 403 }],
    ['GET', '/stops', { staff: 200, program: 403, 'esp-one': 403 }],
    ['GET', '/resources', { staff: 200, program: 403, 'esp-one': 403 }],
    ['GET', '/resources/999', { staff: 404, program: 403, 'esp-one': 403 }],
    ['GET', '/reconciliation', { staff: 200, program: 403, 'esp-one': 403 }],
    ['POST', '/postings?archive-only=true', { staff: 201, program: 201, 'esp-one': 403 }],
    ['POST', '/submissions/1/retry', { staff: 404, program: 403, 'esp-one': 403 }],
    ['GET', '/mailboxes/esp-one/', { staff: 200, program: 404, 'esp-one': 200 }],
  ] as const)('%s %s', async (method, path, statuses) => {
    for (const [who, status] of Object.entries(statuses)) {
      const isJson = path.startsWith('/submissions/');
      const answer = await server.call(who as 'staff', method, path, {
        headers: { 'content-type': isJson ? 'application/json' : 'application/octet-stream' },
        ...(method === 'POST' && { body: isJson ? '{"reason":"test"}' : toSample(5) }),
      });
      expect(answer.status, who).toBe(status);
    }
  });

  test('a program sees its own postings only', async () => {
    const [mine, theirs] = await Promise.all([
      server.callJson('program', 'POST', '/postings?archive-only=true', { body: toSample(6) }),
      server.callJson('staff', 'POST', '/postings?archive-only=true', { body: toSample(7) }),
    ]);
    expect((await server.call('program', 'GET', mine.json.href)).status).toBe(200);
    expect((await server.call('program', 'GET', theirs.json.href)).status).toBe(404);
    const { json } = await server.callJson('program', 'GET', '/postings');
    expect(new Set(json.postings.map(({ postedBy }: { postedBy: string }) => postedBy))).toEqual(
      new Set(['program']),
    );
  });
});

test.each([
  [{ origin: 'https://evil.example' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 201],
  [{}, 201],
])('a page of another site changes nothing: %j is %i', async (headers, status) => {
  const answer = await server.call('staff', 'POST', '/postings?archive-only=true', {
    headers,
    body: toSample(8),
  });
  expect(answer.status).toBe(status);
  const own = { ...headers, origin: server.origin };
  const same = await server.call('staff', 'POST', '/postings?archive-only=true', {
    headers: own,
    body: toSample(8),
  });
  expect(same.status).toBe('sec-fetch-site' in headers ? status : 201);
});
