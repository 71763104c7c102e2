import { beforeAll, describe, expect, test } from 'vitest';
import { runRetention } from '../../server/jobs/retention.ts';
import { dayMs, minuteMs } from '../../storage/model/time.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;
const names: string[] = [];

const list = (query = '', who: 'esp-one' | 'staff' = 'esp-one') =>
  server.callJson(who, 'GET', `/mailboxes/esp-one/${query}`);

const toNames = (files: { name: string }[]) => files.map(({ name }) => name);

beforeAll(async () => {
  server = await startTestServer();
  for (let seed = 1; seed <= 5; seed++) {
    const posted = await server.post(toSample(seed), 'mailbox=esp-one&mailbox=udc-one');
    names.push(posted.files.find(({ mailbox }: { mailbox: string }) => mailbox === 'esp-one').name);
  }
});

describe('mailboxes', () => {
  test('lists one’s own, and all for staff, in three forms', async () => {
    const own = await server.callJson('esp-one', 'GET', '/mailboxes/');
    expect(own.json.mailboxes).toEqual([
      {
        name: 'esp-one',
        href: '/mailboxes/esp-one/',
        owner: 'esp-one',
        zone: 'America/Los_Angeles',
        onLineDays: 5,
      },
    ]);
    const all = await server.call('staff', 'GET', '/mailboxes/', { headers: { accept: 'text/plain' } });
    expect(all.body.toString()).toBe('esp-one\nesp-two\nudc-one\n');
    const page = await server.call('esp-one', 'GET', '/mailboxes/');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body.toString()).toContain('<a href="esp-one/">esp-one/</a>');
    expect(page.body.toString()).not.toContain('esp-two');
  });

  test('a directory without its slash is the one with it, whether it is there or not', async () => {
    for (const path of ['/mailboxes', '/mailboxes/esp-one', '/mailboxes/nobody']) {
      const { status, headers } = await server.call('esp-one', 'GET', path);
      expect([status, headers.location]).toEqual([308, `${path}/`]);
    }
  });
});

describe('directory', () => {
  test('shows each file with what is known of it', async () => {
    const { json, headers } = await list();
    expect(toNames(json.files)).toEqual(names);
    expect(json.files[0]).toMatchObject({
      href: `/mailboxes/esp-one/${names[0]}`,
      bytes: toSample(1).length,
      transaction: 1,
      corrects: null,
      reasonCode: null,
      firstRetrievedAt: null,
      acknowledgedAt: null,
      archivedAt: null,
    });
    expect([json.next, headers.link]).toEqual([null, undefined]);
  });

  test('names rise by a minute, however fast files come', () => {
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(5);
  });

  test('gives what came after a file, page by page', async () => {
    const first = await list(`?after=${names[0]}&limit=2`);
    expect(toNames(first.json.files)).toEqual(names.slice(1, 3));
    expect(first.json.next).toBe(`/mailboxes/esp-one/?after=${names[2]}&limit=2`);
    expect(first.headers.link).toBe(`<${first.json.next}>; rel="next"`);
    const second = await server.callJson('esp-one', 'GET', first.json.next);
    expect([toNames(second.json.files), second.json.next]).toEqual([names.slice(3), null]);
  });

  test('as text it is one name a line', async () => {
    const { headers, body } = await server.call('esp-one', 'GET', '/mailboxes/esp-one/?limit=3', {
      headers: { accept: 'text/plain' },
    });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers.link).toContain(`after=${names[2]}`);
    expect(body.toString()).toBe(
      names
        .slice(0, 3)
        .map((name) => `${name}\n`)
        .join(''),
    );
  });

  test('as a page it is an index that links the files and nothing else below it', async () => {
    const { body, headers } = await server.call('esp-one', 'GET', '/mailboxes/esp-one/');
    const links = [...body.toString().matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links).toEqual(names);
    expect(body.toString()).toContain('+1 555 0100');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const limited = await server.call('esp-one', 'GET', '/mailboxes/esp-one/?limit=2');
    expect(limited.body.toString()).toContain(`?after=${names[1]}&amp;limit=2" rel="next"`);
  });

  test('a form that is not there is 406', async () => {
    const { status } = await server.call('esp-one', 'GET', '/mailboxes/esp-one/', {
      headers: { accept: 'image/png' },
    });
    expect(status).toBe(406);
  });

  test.each([
    '?after=x.dat',
    '?limit=0',
    '?limit=10001',
    '?limit=-1',
    '?changed-since=yesterday',
    '?changed-since=2026-11-21T09:00:00',
    `?after=202611210905.dat&changed-since=2026-11-21T09:00:00Z`,
    '?cursor=1-202611210905.dat',
    '?after=202611210905.dat&after=202611210906.dat',
    '?colour=red',
  ])('%s is refused with the place', async (query) => {
    const { status, json } = await list(query);
    expect(status).toBe(400);
    expect(json.faults[0].at).toBe(/^\?([a-z-]+)/.exec(query)?.[1]);
  });
});

test('changed-since gives what was posted or archived since, and where to go on', async () => {
  const { clock, catalogue, files } = server.store;
  clock.advance(minuteMs);
  const since = new Date(clock.now()).toISOString();
  expect((await list(`?changed-since=${since}`)).json).toMatchObject({ files: [], changedTo: since });
  const correction = await server.post(toSample(9), 'mailbox=esp-one&corrects=2&reason=misread');
  clock.advance(1000);
  const [another] = (await server.post(toSample(10))).files;
  const first = await list(`?changed-since=${since}&limit=1`);
  expect(first.json.files).toMatchObject([
    { name: correction.files[0].name, corrects: 2, reasonCode: 'misread' },
  ]);
  const second = await server.callJson('esp-one', 'GET', first.json.next);
  expect([toNames(second.json.files), second.json.next]).toEqual([[another.name], null]);
  const again = await list(`?changed-since=${second.json.changedTo}`);
  expect(toNames(again.json.files)).toEqual([another.name]);

  clock.advance(5 * dayMs - minuteMs);
  await runRetention(
    { retention: catalogue.retention, instances: catalogue.instances, files, clock },
    { isDryRun: false },
  );
  clock.advance(-5 * dayMs);
  const later = await list(`?changed-since=${second.json.changedTo}`);
  expect(toNames(later.json.files)).toEqual([another.name, ...names]);
  expect(later.json.files.at(-1).archivedAt).not.toBeNull();
});
