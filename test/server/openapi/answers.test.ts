import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../../server/endpoints.ts';
import type { Endpoint } from '../../../server/http/endpoint.ts';
import { problemKinds } from '../../../server/problem.ts';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import { toFileKey } from '../../../storage/ports/file-store.ts';
import { type ClientName, startTestServer, type TestServer, toSample } from '../test-server.ts';

let server: TestServer;
const addresses: Record<string, string> = {};
const bodies: Record<string, object> = {};
const page = { account: 'sc-one', kind: 'status', fingerprint: 'f' } as const;

beforeAll(async () => {
  server = await startTestServer();
  await server.map();
  const posted = await server.post(toSample(1));
  const correction = await server.post(
    toSample(2),
    `mailbox=esp-one&corrects=${posted.transaction}&reason=misread`,
  );
  await server.callJson('staff', 'POST', '/postings?mailbox=esp-one', { body: 'MEPMD01,x\r\n' });
  const { name, href } = correction.files[0];
  await server.call('staff', 'GET', href);
  const values: Record<string, string> = {
    mailbox: 'esp-one',
    name,
    transaction: String(posted.transaction),
    id: String(posted.forwardings[0].id),
  };
  for (const { path } of endpoints) {
    addresses[path] = path.replaceAll(/\{(\w+)\}/g, (_match, parameter) => values[parameter] ?? '');
  }
  const sha256 = createHash('sha256').update(toSample(2)).digest('hex');
  bodies['/mailboxes/{mailbox}/{name}/receipt'] = { sha256 };
  const { catalogue, newId } = server.store;
  const file = { key: toFileKey(0, newId()), sha256: parseSha256(sha256), bytes: 1 };
  await catalogue.forwardings.keepPage({
    ...page,
    why: 'a test',
    head: { httpStatus: 200, contentType: 'text/html' },
    file,
  });
  const [stop] = await catalogue.forwardings.listStops(undefined);
  addresses['/stops/{id}/release'] = `/stops/${stop?.id}/release`;
});

let calls = 0;
/** Bodies that mean something once only. */
const freshBodies: Record<string, () => object> = {
  '/resources': () => ({
    meter: `M${++calls}`,
    unit: 'KWH',
    resourceId: 'R_1',
    measurementType: 'LOAD',
    account: 'sc-one',
    effectiveFrom: '2026-01-01',
    reason: 'test',
  }),
  '/resources/{id}/change': () => ({ resourceId: `R_${++calls}`, reason: 'test' }),
  '/resources/{id}/end': () => ({ on: `${2999 - ++calls}-01-01`, reason: 'test' }),
};

const who = ({ roles }: Endpoint): ClientName | undefined => (roles === 'anyone' ? undefined : 'staff');

function send(endpoint: Endpoint, accept: string, as: ClientName | undefined) {
  const { method, path } = endpoint;
  const isFile = path === '/postings' && method === 'post';
  const query = isFile ? '?archive-only=true' : '';
  const body = isFile
    ? toSample(3)
    : JSON.stringify(freshBodies[path]?.() ?? bodies[path] ?? { reason: 'test' });
  return server.call(as, method.toUpperCase(), `${addresses[path]}${query}`, {
    headers: { accept, 'content-type': isFile ? 'application/octet-stream' : 'application/json' },
    ...(method !== 'get' && { body }),
  });
}

describe('every running route answers as described', () => {
  test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s',
    async (_what, endpoint) => {
      const types = new Set(
        Object.values(endpoint.answers).flatMap(({ content }) => Object.keys(content ?? {})),
      );
      expect(types.size).toBeGreaterThan(0);
      for (const type of types) {
        await server.store.catalogue.forwardings.stopAgain(page);
        const { status, headers, body } = await send(endpoint, type, who(endpoint));
        if (endpoint.path.endsWith('/close') && status === 409) continue;
        const described = endpoint.answers[status];
        expect(described, `${status} ${body.toString().slice(0, 300)}`).toBeDefined();
        expect(headers['content-type']?.split(';')[0]).toBe(type);
        if (type !== 'application/json') continue;
        const schema = described?.content?.[type]?.schema;
        expect(schema?.safeParse(JSON.parse(body.toString())).error?.issues).toBeUndefined();
      }
    },
  );
});

describe('every problem is one of those described', () => {
  test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s',
    async (_what, endpoint) => {
      const { roles, problems } = endpoint;
      if (roles === 'anyone') return;
      expect((await send(endpoint, 'application/json', undefined)).status).toBe(401);
      if (!(roles as readonly string[]).includes('participant')) {
        expect((await send(endpoint, 'application/json', 'esp-one')).status).toBe(403);
      }
      const statuses = [...problems, 'invalid-request' as const].map((code) => problemKinds[code].status);
      const strange = await server.callJson(
        who(endpoint),
        endpoint.method.toUpperCase(),
        `${addresses[endpoint.path]}?colour=red`,
      );
      expect(statuses).toContain(strange.status);
      expect(strange.json).toMatchObject({
        type: expect.stringMatching(/^urn:mdma:problem:/),
        status: strange.status,
        detail: expect.stringContaining('colour'),
        instance: expect.stringMatching(/^[0-9a-f]{12}-/),
        support: [{ name: 'Help desk', contact: '+1 555 0100' }],
      });
    },
  );
});

test('there is no route beside those described', async () => {
  for (const path of [
    '/docs',
    '/metrics',
    '/health/live',
    '/openapi',
    '/index.html',
    '/favicon.ico',
    '/robots.txt',
  ]) {
    expect((await server.call('staff', 'GET', path)).status, path).toBe(404);
  }
});

test('another method is 405 with those there are', async () => {
  for (const { path } of endpoints) {
    const { status, headers } = await server.call('staff', 'DELETE', addresses[path] ?? '');
    expect([status, headers.allow?.length], path).toEqual([405, expect.any(Number)]);
  }
});
