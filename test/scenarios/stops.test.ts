import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { minuteMs } from '../../storage/model/time.ts';
import { toFileKey } from '../../storage/ports/file-store.ts';
import type { Forwardings } from '../../storage/ports/forwardings.ts';
import { type ClientName, startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;
let forwardings: Forwardings;
const why = 'HTTP 200: <script>alert(1)</script> where the table was';

beforeAll(async () => {
  server = await startTestServer();
  forwardings = server.store.catalogue.forwardings;
  await server.map();
});

/** Stops the uploads of an account, as the bridge does; the number of the stop. */
async function stopUploads(account: string): Promise<number> {
  const { files, clock, newId } = server.store;
  const bytes = Buffer.from(`<html>${account}`);
  const key = toFileKey(clock.now(), newId());
  const writer = await files.create(key);
  await writer.write(bytes);
  await writer.finish();
  const sha256 = parseSha256(createHash('sha256').update(bytes).digest('hex'));
  const file = { key, sha256, bytes: bytes.length };
  const head = { httpStatus: 200, contentType: 'text/html' };
  await forwardings.keepPage({ account, kind: 'upload', fingerprint: account, why, head, file });
  return (await forwardings.listStops(account)).at(-1)?.id ?? 0;
}

const send = (path: string, body: object, who: ClientName = 'staff', headers: Record<string, string> = {}) =>
  server.callJson(who, 'POST', path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('stops', () => {
  test('are listed for staff, and for nobody else', async () => {
    expect((await server.callJson('staff', 'GET', '/stops')).json).toEqual({ stops: [] });
    const id = await stopUploads('sc-listed');
    const { status, json } = await server.callJson('staff', 'GET', '/stops');
    expect(status).toBe(200);
    expect(json.stops).toEqual([
      {
        id,
        account: 'sc-listed',
        kind: 'upload',
        why,
        keptAt: new Date(server.store.clock.now()).toISOString(),
        page: { bytes: 15, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
    for (const who of ['esp-one', 'program'] as const) {
      expect((await server.call(who, 'GET', '/stops')).status, who).toBe(403);
      expect((await send(`/stops/${id}/release`, { reason: 'x' }, who)).status, who).toBe(403);
    }
    expect((await server.call(undefined, 'GET', '/stops')).status).toBe(401);
    expect(await forwardings.listStops('sc-listed')).toHaveLength(1);
  });

  test('are shown on a page with a form for each, in which nothing of the ISO’s runs', async () => {
    const id = await stopUploads('sc-page');
    const page = (await server.call('staff', 'GET', '/stops')).body.toString();
    expect(page).toContain(`<form method="post" action="/stops/${id}/release">`);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script>');
    expect((await server.call('staff', 'GET', '/submissions')).body.toString()).toContain('href="/stops"');
    const { status, body } = await server.call('staff', 'POST', `/stops/${id}/release`, {
      body: 'reason=seen+it',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.origin },
    });
    expect(status).toBe(200);
    expect(body.toString()).not.toContain(`/stops/${id}/release`);
    expect(await forwardings.listStops('sc-page')).toEqual([]);
  });

  test('are released once, with a reason', async () => {
    const id = await stopUploads('sc-release');
    const path = `/stops/${id}/release`;
    for (const body of [{}, { reason: '' }, { reason: 'a\nb' }, { reason: 'x', more: 1 }]) {
      expect((await send(path, body)).status, JSON.stringify(body)).toBe(400);
    }
    const foreign = await send(path, { reason: 'x' }, 'staff', { origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
    expect((await send(path, { reason: 'x' }, 'staff', { accept: 'text/plain' })).status).toBe(406);
    expect(await forwardings.listStops('sc-release')).toHaveLength(1);

    const { status, json } = await send(path, { reason: 'seen' });
    expect(status).toBe(200);
    expect(json.stops.map((each: { id: number }) => each.id)).not.toContain(id);
    expect(await forwardings.listStops('sc-release')).toEqual([]);
    const again = await send(path, { reason: 'seen' });
    expect([again.status, again.json.detail]).toEqual([404, `Cannot release stop ${id}: there is none`]);
    for (const other of ['0', 'x', '-1', '999']) {
      expect((await send(`/stops/${other}/release`, { reason: 'x' })).status, other).toBe(404);
    }
  });
});

describe('close', () => {
  /** A new forwarding, claimed by a bridge for a minute. */
  async function postAndClaim(): Promise<number> {
    await server.post(toSample(1));
    const leaseUntilAt = server.store.clock.now() + minuteMs;
    return (await forwardings.claimForwarding('sc-one', 'omar', leaseUntilAt))?.id ?? 0;
  }

  test('ends what waits for a person; it reads "closed by" and never accepted', async () => {
    const id = await postAndClaim();
    await forwardings.moveForwarding(id, { state: 'person', reason: 'refused', dueAt: null });
    const notAcceptable = { accept: 'text/plain' };
    expect((await send(`/submissions/${id}/close`, { reason: 'x' }, 'staff', notAcceptable)).status).toBe(
      406,
    );
    expect((await send(`/submissions/${id}/close`, {})).status).toBe(400);
    expect((await send(`/submissions/${id}/close`, { reason: 'x' }, 'esp-one')).status).toBe(403);
    expect(await forwardings.findForwarding(id)).toMatchObject({ state: 'person' });

    const { status, json } = await send(`/submissions/${id}/close`, { reason: 'sent by hand' });
    expect([status, json.state, json.reason, json.dueAt]).toEqual([
      200,
      'closed',
      'closed by staff: sent by hand',
      null,
    ]);
    expect(JSON.stringify(json)).not.toContain('accepted');
    expect((await send(`/submissions/${id}/close`, { reason: 'again' })).status).toBe(409);
  });

  test('ends what is on hold, but not while the bridge works on it', async () => {
    const id = await postAndClaim();
    expect((await send(`/submissions/${id}/hold`, { reason: 'look' })).status).toBe(200);
    const early = await send(`/submissions/${id}/close`, { reason: 'listed' });
    expect([early.status, early.json.detail]).toEqual([
      409,
      `Cannot close forwarding ${id}: it is being worked on`,
    ]);
    server.store.clock.advance(minuteMs);
    const { status, json } = await send(`/submissions/${id}/close`, { reason: 'listed' });
    expect([status, json.state, json.isHeld]).toEqual([200, 'closed', false]);
  });
});
