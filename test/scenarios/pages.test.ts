import { load } from 'cheerio';
import { beforeAll, expect, test } from 'vitest';
import { parseMailboxName, parseParticipantName } from '../../storage/model/mailbox.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.map();
  await server.post(toSample(1));
  await server.call('staff', 'POST', '/postings?mailbox=esp-one', { body: 'not a meter file' });
});

async function open(path: string) {
  const { status, headers, body } = await server.call('staff', 'GET', path, {
    headers: { accept: 'text/html' },
  });
  expect(headers['content-type'], path).toBe('text/html; charset=utf-8');
  return { status, $: load(body.toString()) };
}

/** Where mirroring programs begin; a link up would lead them out (ruling 8). */
const indexes = ['/mailboxes/', '/mailboxes/esp-one/'];
const others = [
  ...['/postings', '/postings/1', '/refusals', '/submissions', '/submissions/1', '/stops'],
  ...['/resources', '/resources/1'],
  ...['/mailboxes/esp-one/retrievals', '/nothing-here'],
];

test.each(['/', ...indexes, ...others])('the page %s can be read, and used with a keyboard', async (path) => {
  const { $ } = await open(path);
  expect($('html').attr('lang')).toBe('en');
  expect($('title').text()).toMatch(/^\S.* - MDMA$/);
  expect($('h1')).toHaveLength(1);
  expect($('script')).toHaveLength(0);
  expect($('footer').text()).toContain('Technical support');
  for (const field of $('input:not([type=hidden]), select, textarea').toArray()) {
    const isLabelled =
      $(field).closest('label').length > 0 || $(`label[for="${field.attribs.id}"]`).length === 1;
    expect(isLabelled, $.html(field)).toBe(true);
  }
  const ids = $('[id]')
    .toArray()
    .map((element) => element.attribs.id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const table of $('table:has(thead)').toArray()) {
    expect($(table).parent('.wide[tabindex="0"]').attr('aria-label')).toBe($(table).find('caption').text());
  }
  expect($('td').text()).not.toMatch(/\dT\d\d:\d\d:\d\d/);
});

test.each(others)('the page %s leads back to the start page', async (path) => {
  const { $ } = await open(path);
  expect($('nav a[href="/"]')).toHaveLength(1);
});

test('the start page leads to every list', async () => {
  const { $ } = await open('/');
  const links = $('main a')
    .toArray()
    .map((link) => link.attribs.href);
  expect(links).toEqual(
    expect.arrayContaining(['/postings', '/refusals', '/submissions', '/stops', '/resources']),
  );
  expect($('input[name=profile]')).toHaveLength(1);
});

test('of a forwarding only those acts are offered that its state allows', async () => {
  const listActs = async () =>
    (await open('/submissions/1'))
      .$('form')
      .toArray()
      .map((form) => form.attribs.action);
  const send = (act: string, fields: string) =>
    server.call('staff', 'POST', `/submissions/1/${act}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.origin },
      body: fields,
    });
  expect(await listActs()).toEqual(['/submissions/1/retry', '/submissions/1/hold']);
  await send('hold', 'hold=true&reason=look');
  expect(await listActs()).toEqual(['retry', 'hold', 'close'].map((act) => `/submissions/1/${act}`));
  await send('close', 'reason=done');
  expect(await listActs()).toEqual([]);
});

test('an empty list says so', async () => {
  const { $ } = await open('/mailboxes/udc-one/retrievals');
  expect($('tbody').text().trim()).toBe('None');
});

test('where there are more mailboxes than one can choose from, they are named in the form and listed by pages', async () => {
  const { mailboxes } = server.store.catalogue;
  for (let number = 0; number < 50; number++) {
    await mailboxes.addMailbox({
      name: parseMailboxName(`more-${String(number).padStart(2, '0')}`),
      owner: parseParticipantName('esp-one'),
      zone: 'America/Los_Angeles',
      profile: 'strict',
      onLineDays: 5,
      allowsRaw: false,
      demandsMapping: false,
      levels: {},
      receivers: [],
    });
  }
  const { $ } = await open('/');
  expect($('select[name=mailbox]')).toHaveLength(0);
  expect($('input[name=mailbox]').length).toBeGreaterThan(1);
  const seen: string[] = [];
  for (let path: string | null = '/mailboxes/?limit=20'; path !== null; ) {
    const { json } = await server.callJson('staff', 'GET', path);
    seen.push(...json.mailboxes.map(({ name }: { name: string }) => name));
    path = json.next;
  }
  const { json } = await server.callJson('staff', 'GET', '/mailboxes/');
  expect(json.next).toBeNull();
  expect(seen).toEqual(json.mailboxes.map(({ name }: { name: string }) => name));
  expect(seen.length).toBeGreaterThan(50);
  expect($(`main a[href="/mailboxes/?after=${seen[49]}"]`)).toHaveLength(1);
});
