import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;
let href: string;
let transaction: number;

const act = (name: string, body: object, who: 'staff' | 'esp-one' = 'staff') =>
  server.callJson(who, 'POST', `${href}/${name}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

beforeAll(async () => {
  server = await startTestServer();
  for (const [meter, account] of [
    ['MTR000000001', 'sc-one'],
    ['MTR000000002', 'sc-one'],
  ] as const) {
    await server.map({ meter, resourceId: `RES_${meter.at(-1)}`, account });
  }
  const posted = await server.post(toSample(1));
  await server.post(toSample(2));
  transaction = posted.transaction;
  href = `/submissions/${posted.forwardings[0].id}`;
});

describe('submissions', () => {
  test('are listed newest first, by state and by transaction, page by page', async () => {
    const all = await server.callJson('staff', 'GET', '/submissions');
    expect(all.json.forwardings).toHaveLength(2);
    expect(all.json.forwardings[1]).toMatchObject({
      href,
      transaction,
      account: 'sc-one',
      state: 'due',
      parts: [],
    });
    const one = await server.callJson('staff', 'GET', `/submissions?transaction=${transaction}&state=due`);
    expect(one.json.forwardings.map((each: { href: string }) => each.href)).toEqual([href]);
    expect((await server.callJson('staff', 'GET', '/submissions?state=accepted')).json.forwardings).toEqual(
      [],
    );
    const { forwardings } = server.store.catalogue;
    const claimed = await forwardings.claimForwarding('sc-one', 'omar', server.store.clock.now() + 60_000);
    expect((await server.callJson('staff', 'GET', '/submissions?attention=true')).json.forwardings).toEqual(
      [],
    );
    const dueAt = server.store.clock.now();
    const stuck = { attention: 'stuck', stuckSinceAt: dueAt } as const;
    await forwardings.moveForwarding(claimed?.id ?? 0, { state: 'due', reason: 'no', dueAt, ...stuck });
    const asking = await server.callJson('staff', 'GET', '/submissions?attention=true');
    expect(asking.json.forwardings).toMatchObject([
      { id: claimed?.id, attention: 'stuck', stuckSince: new Date(dueAt).toISOString() },
    ]);
    expect((await server.callJson('staff', 'GET', '/submissions?attention=no')).status).toBe(400);
    const page = await server.callJson('staff', 'GET', '/submissions?state=due&limit=1');
    expect(page.headers.link).toBe(`<${page.json.next}>; rel="next"`);
    expect((await server.callJson('staff', 'GET', page.json.next)).json.forwardings).toHaveLength(1);
  });

  test('one is shown with its whole history', async () => {
    const { json } = await server.callJson('staff', 'GET', href);
    expect(json.history[0]).toMatchObject({ kind: 'created' });
    const page = (await server.call('staff', 'GET', href)).body.toString();
    expect(page).toContain(`<form method="post" action="${href}/hold">`);
  });

  test('one that is not there is not', async () => {
    for (const path of ['/submissions/999', '/submissions/0', '/submissions/x', '/submissions/-1']) {
      expect((await server.call('staff', 'GET', path)).status, path).toBe(404);
    }
    expect((await server.callJson('staff', 'GET', '/submissions?state=lost')).status).toBe(400);
  });
});

describe('staff step in', () => {
  test('hold and release, with a reason that stays on record', async () => {
    const held = await act('hold', { reason: 'wait for a call' });
    expect([held.status, held.json.isHeld]).toEqual([200, true]);
    const released = await act('hold', { reason: 'called', hold: false });
    expect(released.json.isHeld).toBe(false);
    expect(released.json.history.slice(-2)).toMatchObject([
      { kind: 'held', body: { by: 'staff', reason: 'wait for a call' } },
      { kind: 'released', body: { by: 'staff', reason: 'called' } },
    ]);
  });

  test('hold by the form of the page', async () => {
    const { status } = await server.call('staff', 'POST', `${href}/hold`, {
      body: 'hold=true&reason=by+form',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.origin },
    });
    expect(status).toBe(200);
    expect((await act('hold', { reason: 'go on', hold: false })).json.isHeld).toBe(false);
  });

  test('retry', async () => {
    const { status, json } = await act('retry', { reason: 'try now' });
    expect([status, json.reason]).toEqual([200, 'retried by staff: try now']);
  });

  test('close only what waits for a person', async () => {
    const { status, json } = await act('close', { reason: 'done by telephone' });
    expect([status, json.type]).toEqual([409, 'urn:mdma:problem:conflict']);
  });

  test('not without a reason, and nobody else', async () => {
    for (const body of [{}, { reason: '' }, { reason: 'a\nb' }, { reason: 'x', more: 1 }]) {
      expect((await act('retry', body)).status).toBe(400);
    }
    expect((await act('retry', { reason: 'x' }, 'esp-one')).status).toBe(403);
  });
});
