import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  const { config } = await startTestServer();
  server = await startTestServer({ limits: { ...config.limits, maxFileBytes: 100_000 } });
});

type Entry = readonly [string, string | Buffer, string?];

/** A form as a browser sends it; a buffer is a file. */
async function send(entries: readonly Entry[], headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value, fileName = 'day.cmep'] of entries) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(value)]), fileName);
  }
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  return sendRaw(Buffer.from(await encoded.arrayBuffer()), type, headers);
}

const sendRaw = (body: Buffer, type: string, headers: Record<string, string> = {}, query = '') =>
  server.call('staff', 'POST', `/postings${query}`, {
    body,
    headers: { accept: 'application/json', 'content-type': type, ...headers },
  });

async function countPostings(): Promise<number> {
  return (await server.callJson('staff', 'GET', '/postings?limit=1000')).json.postings.length;
}

describe('a form', () => {
  test('posts its file with its fields, empty ones left out, and answers with a page', async () => {
    const body = toSample(1, 60_000);
    const {
      status,
      headers,
      body: page,
    } = await send(
      [
        ['mailbox', 'esp-one'],
        ['mailbox', 'udc-one'],
        ['account', ''],
        ['format', ''],
        ['corrects', ''],
        ['reason', ''],
        ['complete', 'false'],
        ['note', 'as agreed: ü'],
        ['file', body, 'Zähler.cmep'],
      ],
      { accept: 'text/html' },
    );
    expect([status, headers['content-type']]).toEqual([201, 'text/html; charset=utf-8']);
    expect(page.toString()).toContain('Posted as transaction');
    const { json } = await server.callJson('staff', 'GET', headers.location ?? '');
    expect(json).toMatchObject({ originalName: 'Zähler.cmep', note: 'as agreed: ü', isComplete: false });
    expect((await server.call('esp-one', 'GET', json.files[0].href)).body.equals(body)).toBe(true);
  });

  test('that is sent twice posts once', async () => {
    const entries: Entry[] = [
      ['idempotency-key', 'one-form'],
      ['mailbox', 'esp-one'],
      ['file', toSample(2)],
    ];
    const [first, second] = [await send(entries), await send(entries)];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(JSON.parse(second.body.toString()).transaction).toBe(
      JSON.parse(first.body.toString()).transaction,
    );
  });

  test('takes the key from the header as a raw post does, and refuses two that differ', async () => {
    const entries: Entry[] = [
      ['mailbox', 'esp-one'],
      ['file', toSample(3)],
    ];
    const headers = { 'idempotency-key': 'one-header' };
    const [first, second] = [await send(entries, headers), await send(entries, headers)];
    expect([first.status, second.status]).toEqual([201, 200]);
    const before = await countPostings();
    const torn = await send([['idempotency-key', 'another'], ...entries], headers);
    expect([torn.status, torn.body.toString()]).toEqual([400, expect.stringContaining('idempotency-key')]);
    expect((await send(entries, { 'idempotency-key': '' })).status).toBe(400);
    expect(await countPostings()).toBe(before);
  });

  test('comes from a page whose policy has browsers say where it comes from', async () => {
    const { headers } = await server.call('staff', 'GET', '/', { headers: { accept: 'text/html' } });
    // Under "no-referrer" browsers send "Origin: null" with a form (Fetch, section 3.2), which is refused.
    expect(headers['referrer-policy']).toBe('same-origin');
  });

  test('is what the start page offers to staff', async () => {
    const page = (await server.call('staff', 'GET', '/')).body.toString();
    expect(page).toContain('<form method="post" action="/postings" enctype="multipart/form-data">');
    const names = [...page.matchAll(/ name="([a-z-]+)"/g)].map(([, name]) => name);
    expect(names.indexOf('file')).toBe(names.length - 1);
    expect(names).toContain('idempotency-key');
    expect((await server.call('esp-one', 'GET', '/')).body.toString()).not.toContain('<form');
  });
});

test('a form whose part has headers without end is refused while they arrive', async () => {
  const head = '--b\r\nContent-Disposition: form-data; name="mailbox"\r\nX-Pad: ';
  const goOn = Promise.withResolvers<void>();
  async function* send() {
    yield Buffer.from(head);
    yield Buffer.alloc(2_000_000, 'a');
    await goOn.promise;
  }
  const { status, body } = await server.call('staff', 'POST', '/postings', {
    body: Readable.from(send()),
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  });
  expect([status, body.toString()]).toEqual([413, expect.stringContaining('beside its file')]);
  goOn.resolve();
});

describe('nothing is posted by a form', () => {
  const file = ['file', toSample(9)] as const;
  const cases: [string, Entry[], number, RegExp][] = [
    ['with its file first', [file, ['mailbox', 'esp-one']], 400, /at least one mailbox/],
    ['with a field after its file', [['mailbox', 'esp-one'], file, ['corrects', '1']], 400, /must come last/],
    ['with two files', [['mailbox', 'esp-one'], file, ['more', toSample(10)]], 400, /more than one file/],
    ['without a file', [['mailbox', 'esp-one']], 400, /no file/],
    ['with an unknown field', [['mailbox', 'esp-one'], ['colour', 'red'], file], 400, /colour/],
    ['with an unknown mailbox', [['mailbox', 'nobody'], file], 404, /nobody/],
    [
      'with a broken file',
      [
        ['mailbox', 'esp-one'],
        ['file', Buffer.from('MEPMD01,x\r\n')],
      ],
      422,
      /faults/,
    ],
    [
      'with an empty file',
      [
        ['mailbox', 'esp-one'],
        ['file', Buffer.alloc(0)],
      ],
      415,
      /./,
    ],
    [
      'with a file over the limit',
      [
        ['mailbox', 'esp-one'],
        ['file', toSample(11, 150_000)],
      ],
      413,
      /larger/,
    ],
    ['with 70 KB of fields', [['note', 'x'.repeat(70_000)], ['mailbox', 'esp-one'], file], 413, /./],
    ['with a bad key', [['idempotency-key', 'a b'], ['mailbox', 'esp-one'], file], 400, /Idempotency-Key/],
  ];

  test.each(cases)('%s', async (_what, entries, status, words) => {
    const before = await countPostings();
    const answer = await send(entries);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(JSON.parse(answer.body.toString()).detail).toMatch(words);
    expect(await countPostings()).toBe(before);
  });

  test('that is cut off, has no boundary, or is none', async () => {
    const before = await countPostings();
    const whole = `--b\r\nContent-Disposition: form-data; name="mailbox"\r\n\r\nesp-one\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nContent-Type: a/b\r\n\r\n${toSample(12).toString('latin1')}`;
    const type = 'multipart/form-data; boundary=b';
    expect((await sendRaw(Buffer.from(whole), type)).status).toBe(400);
    expect((await sendRaw(Buffer.from(`${whole}\r\n--b--\r\n`), 'multipart/form-data')).status).toBe(400);
    expect((await sendRaw(Buffer.from('nothing of the kind'), type)).status).toBe(400);
    expect((await sendRaw(Buffer.from(`${whole}\r\n--b--\r\n`), type, {}, '?mailbox=esp-one')).status).toBe(
      400,
    );
    expect(await countPostings()).toBe(before);
    expect((await sendRaw(Buffer.from(`${whole}\r\n--b--\r\n`), type)).status).toBe(201);
  });
});

test('everything left is sound', () => server.store.expectSound());
