import { beforeAll, describe, expect, test } from 'vitest';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;

const send = (path: string, body: object) =>
  server.callJson('staff', 'POST', path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const mapping = {
  meter: 'M1',
  unit: 'KWH',
  resourceId: 'R_1',
  measurementType: 'LOAD',
  account: 'sc-one',
  effectiveFrom: '2026-01-01',
  reason: 'new',
};

beforeAll(async () => {
  const atMris = { name: 'sc-mris', way: 'mris', carries: { LOAD: ['MWH', 'KWH'] } } as const;
  server = await startTestServer({}, { isoAccounts: [{ name: 'sc-one', way: 'omar' }, atMris] });
});

describe('resources', () => {
  test('are mapped, changed and ended, with who and why in their history', async () => {
    const mapped = await send('/resources', mapping);
    expect(mapped.json).toMatchObject({ id: 1, versions: [{ by: 'staff', reason: 'new', isoUnit: 'KWH' }] });
    const changed = await send('/resources/1/change', {
      resourceId: 'R_2',
      from: '2026-06-01',
      reason: 'moved',
    });
    expect(changed.json).toMatchObject({
      id: 2,
      versions: [{ resourceId: 'R_2', effectiveFrom: '2026-06-01' }],
    });
    const ended = await send('/resources/2/end', { on: '2026-09-01', reason: 'removed' });
    expect(ended.json.versions).toMatchObject([
      { kind: 'mapped' },
      { kind: 'ended', effectiveTo: '2026-09-01' },
    ]);
    const first = await server.callJson('staff', 'GET', '/resources?meter=M1&limit=1');
    expect(first.json.resources).toMatchObject([{ id: 1, effectiveTo: '2026-06-01' }]);
    expect(first.headers.link).toBe(`<${first.json.next}>; rel="next"`);
    expect((await server.callJson('staff', 'GET', first.json.next)).json.resources).toMatchObject([
      { id: 2 },
    ]);
    expect((await server.callJson('staff', 'GET', '/resources/1')).json.versions).toHaveLength(2);
    await server.store.expectSound();
  });

  test.each([
    ['an unknown measurement type', 400, { measurementType: 'LOADS' }],
    ['an unknown unit', 400, { unit: 'THERM' }],
    ['an unknown account', 400, { account: 'sc-nine' }],
    ['an overlapping period', 409, { effectiveFrom: '2026-02-01', effectiveTo: '2026-03-01' }],
    ['no reason', 400, { reason: '' }],
  ])('are refused with %s', async (_, status, wrong) => {
    const before = await server.store.catalogue.resources.listResources();
    expect((await send('/resources', { ...mapping, ...wrong })).status).toBe(status);
    expect(await server.store.catalogue.resources.listResources()).toEqual(before);
  });

  test('are refused with what the way of the account cannot carry, also when they are changed', async () => {
    const other = { ...mapping, meter: 'M9', resourceId: 'R_9' };
    const refused = await send('/resources', { ...other, unit: 'KVARH', account: 'sc-mris' });
    expect(refused.status).toBe(400);
    expect(refused.json.faults).toEqual([
      {
        at: 'ISO unit',
        value: 'KVARH',
        expected: 'one of MWH, KWH, which account sc-mris (mris) carries as LOAD',
      },
    ]);
    const { id } = (await send('/resources', { ...other, unit: 'KVARH' })).json;
    const change = { account: 'sc-mris', reason: 'another way' };
    expect((await send(`/resources/${id}/change`, change)).status).toBe(400);
    const ofType = await send('/resources', { ...other, account: 'sc-mris', measurementType: 'GEN' });
    expect(ofType.json.faults).toMatchObject([{ at: 'measurement type', value: 'GEN' }]);
    expect((await send('/resources', { ...other, account: 'sc-mris' })).status).toBe(200);
  });

  test('are a page with forms, whose fields left empty are left out', async () => {
    const page = (await server.call('staff', 'GET', '/resources')).body.toString();
    expect(page).toContain('<form method="post" action="/resources">');
    const fields = { ...mapping, meter: 'M<2', channel: '', isoUnit: '', direction: '', effectiveTo: '' };
    const answer = await server.call('staff', 'POST', '/resources', {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('M&lt;2');
  });

  test('are for staff only', async () => {
    for (const who of ['program', 'esp-one'] as const) {
      expect((await server.callJson(who, 'GET', '/resources')).status).toBe(403);
    }
  });
});

describe('readings without a mapping', () => {
  test('are counted and shown', async () => {
    const { transaction } = await server.post(toSample(7));
    const shown = await server.callJson('staff', 'GET', `/postings/${transaction}`);
    expect(shown.json.unmapped).toBe(shown.json.summary.readings);
    expect(shown.json.unmapped).toBeGreaterThan(0);
    const page = (await server.call('staff', 'GET', `/postings/${transaction}`)).body.toString();
    expect(page).toContain('Due to the ISO and not mapped');
  });

  test('are refused where a mailbox demands that they are mapped, with each meter and line on record', async () => {
    await server.store.catalogue.mailboxes.addMailbox({
      name: parseMailboxName('demanding'),
      owner: parseParticipantName('esp-one'),
      zone: 'America/Los_Angeles',
      profile: 'strict',
      onLineDays: 5,
      allowsRaw: false,
      demandsMapping: true,
      levels: {},
      receivers: [],
    });
    const post = () =>
      server.callJson('staff', 'POST', '/postings?mailbox=demanding&mailbox=esp-one', { body: toSample(1) });
    const refused = await post();
    expect(refused).toMatchObject({
      status: 422,
      json: {
        detail: expect.stringMatching(
          /2 reading sets are mapped to no resource .* line 1 of meter MTR000000001/,
        ),
        faults: [
          { code: 'E_UNMAPPED', line: 1, text: 'MTR000000001' },
          { code: 'E_UNMAPPED', line: 2, text: 'MTR000000001' },
        ],
      },
    });
    const refusals = await server.callJson('staff', 'GET', '/refusals');
    expect(refusals.json.refusals[0]).toMatchObject({ faultCounts: { E_UNMAPPED: 2 } });
    await send('/resources', { ...mapping, meter: 'MTR000000001', effectiveFrom: '2020-01-01' });
    expect((await post()).status).toBe(201);
    await server.store.expectSound();
  });
});
