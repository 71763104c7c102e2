import { beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { connectTls, readToEnd } from '../support/https.ts';

let server: TestServer;
let name: string;

beforeAll(async () => {
  server = await startTestServer();
  name = (await server.post(toSample(1))).files[0].name;
});

/** A request as it stands, byte for byte, which no client library would send. */
function sendRaw(target: string): Promise<{ status: number; body: string }> {
  return sendText(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
}

async function sendText(text: string): Promise<{ status: number; body: string }> {
  const { authority, 'esp-one': certificate } = server.certificates;
  const socket = await connectTls(server.running.port, { authority, certificate });
  socket.write(text, 'latin1');
  const answer = await readToEnd(socket);
  socket.destroy();
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body };
}

const notThere = 'Cannot find this address: nothing is there, or it is not yours';

test.each([
  '/mailboxes/esp-one/../esp-one/NAME',
  '/mailboxes/esp-two/../esp-one/NAME',
  '/mailboxes/esp-one/./NAME',
  '/mailboxes/esp-one//NAME',
  '//mailboxes/esp-one/NAME',
  '/mailboxes/esp-one/%2e%2e/esp-one/NAME',
  '/mailboxes/esp-one/%2E%2E%2Fesp-one/NAME',
  '/mailboxes/esp-one/..%2fesp-one/NAME',
  '/mailboxes/esp-one/%252e%252e/esp-one/NAME',
  '/mailboxes/%65sp-one/NAME',
  '/mailboxes/esp-one%2fNAME',
  '/mailboxes/esp-one/NAME%00',
  '/mailboxes/esp-one/%00NAME',
  '/mailboxes/esp-one/NAME%20',
  '/mailboxes/esp-one/NAME;x=1',
  '/mailboxes/esp-one/NAME/',
  '/mailboxes/esp-one/NAME.',
  '/mailboxes/esp-one/NAME::$DATA',
  '/mailboxes\\esp-one\\NAME',
  '/mailboxes/esp-one\\..\\esp-one\\NAME',
  '/mailboxes/..\\..\\etc\\passwd',
  '/MAILBOXES/esp-one/NAME',
  '/mailboxes/ESP-ONE/NAME',
  '/mailboxes/esp-one/../../../../../../etc/passwd',
  '/../../../../etc/passwd',
  '/mailboxes/esp-one/%c0%ae%c0%ae/NAME',
  '/mailboxes/esp-one/%u002e%u002e/NAME',
  '/mailboxes/esp-one/202613010000.dat',
  '/mailboxes/esp-one/202602300000.dat',
  '/mailboxes/esp-one/202611212400.dat',
  '/mailboxes/esp-one/202611210060.dat',
  '/mailboxes/esp-one/000000000000.dat',
  '/mailboxes/esp-one/20261121090.dat',
  '/mailboxes/esp-one/2026112109055.dat',
  '/mailboxes/esp-one/202611210905.DAT',
  '/mailboxes/esp-one/202611210905.txt',
  'https://localhost/mailboxes/esp-one/NAME',
  '/mailboxes/.git/config',
  '/.env',
  `/mailboxes/${'a'.repeat(4_000)}/NAME`,
  `/mailboxes/esp-one/${'../'.repeat(500)}NAME`,
])('%.60s is not there', async (target) => {
  const { status, body } = await sendRaw(target.replace('NAME', name));
  expect(status).toBe(404);
  expect(JSON.parse(body).detail).toBe(notThere);
});

test.each([
  ['a NUL', '/mailboxes/esp-one/NAME\0'],
  ['a line end', '/mailboxes/esp-one/NAME\nX: y'],
  ['a space', '/mailboxes/esp-one/NA ME'],
  ['9 KB', `/${'a'.repeat(9_000)}`],
])('%s in the address is no request', async (_what, target) => {
  const { status, body } = await sendRaw(target.replace('NAME', name));
  expect(status).toBe(400);
  expect(JSON.parse(body).type).toBe('urn:mdma:problem:invalid-request');
});

test('20 KB of address or header is refused, and nothing after it is read', async () => {
  expect((await sendRaw(`/${'a'.repeat(20_000)}`)).status).toBe(431);
  expect((await sendRaw(`/ HTTP/1.1\r\nX-Bomb: ${'b'.repeat(20_000)}`)).status).toBe(431);
});

test('101 headers are too many', async () => {
  const many = Array.from({ length: 100 }, (_, at) => `X-${at}: y`).join('\r\n');
  const { status, body } = await sendRaw(`/ HTTP/1.1\r\n${many}`);
  expect([status, JSON.parse(body).detail]).toEqual([400, 'Cannot read headers: there are more than 100']);
});

const end = 'Connection: close\r\n\r\n';

test.each([
  ['no Host', `GET / HTTP/1.1\r\n${end}`, 400, 'invalid-request'],
  ['two Hosts', `GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n${end}`, 400, 'invalid-request'],
  [
    'the same Host twice',
    `GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n${end}`,
    400,
    'invalid-request',
  ],
  [
    'another Expect',
    `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 200-ok\r\n${end}`,
    417,
    'expectation-failed',
  ],
  [
    '20 KB of header',
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'b'.repeat(20_000)}\r\n${end}`,
    431,
    'too-large',
  ],
  ['no method', `G@T / HTTP/1.1\r\nHost: localhost\r\n${end}`, 400, 'invalid-request'],
  ['no HTTP', 'hello\r\n\r\n', 400, 'invalid-request'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid-request'],
  ['a tunnel', `CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n${end}`, 405, 'method-not-allowed'],
])('a request with %s has a problem document and one record', async (_what, text, status, code) => {
  const answer = await sendText(text);
  expect(answer.status).toBe(status);
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({
    type: `urn:mdma:problem:${code}`,
    status,
    support: [{ name: 'Help desk', contact: '+1 555 0100' }],
  });
  const find = () => server.log.filter(({ request }) => request === problem.instance);
  await expect.poll(find).toHaveLength(1);
  expect(find()).toMatchObject([{ msg: 'request', status, outcome: code, address: '127.0.0.1' }]);
  const metrics = await (await fetch(`http://127.0.0.1:${server.running.observePort}/metrics`)).text();
  expect(metrics).toMatch(new RegExp(`mdma_(?:unreadable_)?request.*status="${status}"`));
});

test('the record of a request says what was asked for, cut, without its query, and fit for a log', async () => {
  const ask = async (target: string) => {
    const { body } = await sendRaw(target);
    const { instance } = JSON.parse(body);
    const find = () => server.log.find(({ request }) => request === instance);
    await expect.poll(find).toBeDefined();
    return find();
  };
  expect(await ask('/mailboxes/esp-xyz/?after=secret')).toMatchObject({
    path: '/mailboxes/{mailbox}/',
    target: '/mailboxes/esp-xyz/',
  });
  expect(await ask('/nowhere?secret')).toMatchObject({ path: '-', target: '/nowhere' });
  expect(await ask('/caf%e9#secret')).toMatchObject({ path: '-', target: '/caf%e9' });
  expect((await ask(`/${'a'.repeat(5_000)}`))?.target).toBe(`/${'a'.repeat(199)}…`);
});

test('the one right spelling is served', async () => {
  expect((await sendRaw(`/mailboxes/esp-one/${name}`)).status).toBe(200);
});
